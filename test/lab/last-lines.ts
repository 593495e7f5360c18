import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LINES = 25;

/** The ends of every log under a folder, for the output of a failed test: on another machine nobody can look at the folder. */
export function lastLines(dir: string): string {
  if (!existsSync(dir)) return '';
  const logs = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
  return logs
    .sort()
    .map((name) => {
      const lines = readFileSync(join(dir, name), 'utf8').trimEnd().split('\n');
      return `==> ${name}\n${lines.slice(-LINES).join('\n')}`;
    })
    .join('\n');
}
