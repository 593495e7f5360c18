import { expect, test } from 'vitest';
import { duration, Step } from './progress.mjs';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 40, write: (text: string) => written.push(text) };
}

test('elsewhere than on a terminal a step is a line at its start and a line at its end', () => {
  const log = terminal(false);
  let now_ms = 0;
  const step = new Step(log, '  3 of 9 Kubernetes', () => now_ms);
  step.say('building kubectl');
  now_ms = 95_000;
  step.beat();
  step.end('ready');
  expect(log.written).toEqual([
    '  3 of 9 Kubernetes …\n',
    '  3 of 9 Kubernetes · building kubectl · 1 min 35 s\n',
    '  3 of 9 Kubernetes: ready, 1 min 35 s\n',
  ]);
});

test('on a terminal it is one line, rewritten in place and never longer than the terminal is wide', () => {
  const screen = terminal(true);
  const step = new Step(screen, '  3 of 9 Kubernetes', () => 0);
  step.say('building kube-controller-manager');
  expect(screen.written.at(-1)).toBe('\r\u001b[2K  3 of 9 Kubernetes · building kube-con');
  step.end('failed');
  expect(screen.written.at(-1)).toBe('\r\u001b[2K  3 of 9 Kubernetes: failed, 0 s\n');
});

test('durations', () => {
  expect([0, 59_400, 60_000, 725_000].map(duration)).toEqual(['0 s', '59 s', '1 min 00 s', '12 min 05 s']);
});
