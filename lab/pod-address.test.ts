import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTAINERS_X, listeningAddress, PodAddresses } from './pod-address.ts';

test('whatever is claimed, released and restarted, nothing alive shares its address and none is given out below x = 16', () => {
  const step = fc.oneof(fc.constant('claim'), fc.nat(), fc.constant('restart'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let addresses = new PodAddresses(150);
      const alive: string[] = [];
      for (const each of steps) {
        if (each === 'claim') alive.push(addresses.claim());
        else if (each === 'restart') {
          addresses = new PodAddresses(150, addresses.next);
          for (const address of alive) addresses.keep(address);
        } else for (const gone of alive.splice(Number(each) % (alive.length + 1), 1)) addresses.release(gone);
      }
      expect(new Set(alive).size).toBe(alive.length);
      for (const address of alive) expect(Number(address.split('.')[2])).toBeGreaterThanOrEqual(16);
    }),
  );
});

test('an address rests until all others have been given out, and when none is left it says so', () => {
  const addresses = new PodAddresses(150);
  const first = addresses.claim();
  addresses.release(first);
  const rest = Array.from({ length: 184 * 254 - 1 }, () => addresses.claim());
  expect(rest).not.toContain(first);
  expect(addresses.claim()).toBe(first);
  expect(() => addresses.claim()).toThrow('all 46736 pod addresses of slot 150 are taken');
});

test('every address of a process has a loopback twin, and none of a container', () => {
  const addresses = new PodAddresses(150);
  for (let i = 0; i < 184 * 254; i++) {
    const address = addresses.claim();
    expect(listeningAddress(address)).toBe(`127.${address.slice('10.'.length)}`);
  }
  for (let x = CONTAINERS_X.first; x <= CONTAINERS_X.last; x++)
    expect(listeningAddress(`10.150.${x}.7`)).toBe(`10.150.${x}.7`);
});
