import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { claimSlot } from './slot.ts';

test('a program that listens on a port of every address is named by its port, not taken for a hundred labs', async () => {
  const program = createServer().listen(0, '0.0.0.0');
  await once(program, 'listening');
  const address = program.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    await expect(claimSlot([port])).rejects.toThrow(
      `a program listens on that port on every address (0.0.0.0:${port} `,
    );
  } finally {
    program.close();
  }
});
