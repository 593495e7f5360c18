import type { FilePolicy } from '../policy.ts';
import { type Line, linesOf } from './lines.ts';

export const dockerfilesPinned: FilePolicy = {
  name: 'dockerfiles-pinned',
  asks: 'Dockerfiles begin with a digest, and install one version of every package.',
  of: /(^|\/)([\w.-]*\.)?Dockerfile$/,
  violations: (files) =>
    files.flatMap(({ path, text }) => {
      const lines = linesOf(withDefaults(text));
      const stages = lines.flatMap((line) => / AS (\S+)$/i.exec(line.text.trim())?.[1] ?? []);
      return lines
        .flatMap((line) => [...loosely(line, stages), ...unversioned(line)])
        .map((violation) => ({ file: path, ...violation }));
    }),
};

/** Arguments stand for their defaults: whoever builds with others answers for them. */
function withDefaults(text: string): string {
  const defaults = new Map(
    [...text.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, bare) => defaults.get(braced ?? bare) ?? all);
}

function loosely({ number, text }: Line, stages: readonly string[]) {
  const [, base] =
    /^(?:FROM|COPY .*--from=)\s*(?:--\S+\s+)*(\S+)/i.exec(text.trim().replace(/^COPY .*?--from=/i, 'FROM ')) ?? [];
  if (base === undefined || base === 'scratch' || stages.includes(base)) return [];
  if (/@sha256:[0-9a-f]{64}$/.test(base)) return [];
  return [{ place: number, reason: `"${base}" is another base tomorrow`, fix: 'write NAME@sha256:DIGEST' }];
}

/** Package managers by what a version of one of their packages looks like. */
const installs: { command: RegExp; version: RegExp }[] = [
  { command: /\b(?:apt-get|apt)\s+(?:-\S+\s+)*install\s+([^&;|]*)/g, version: /=/ },
  { command: /\bapk\s+(?:-\S+\s+)*add\s+([^&;|]*)/g, version: /=/ },
  { command: /\bpip3?\s+install\s+([^&;|]*)/g, version: /==/ },
  { command: /\bnpm\s+(?:install|i|add)\s+([^&;|]*)/g, version: /.@\d+\.\d+\.\d+/ },
];

function unversioned({ number, text }: Line) {
  // Words of the exec form are taken like those of a shell.
  const words = text.replaceAll(/[[\]",']+/g, ' ');
  return installs.flatMap(({ command, version }) =>
    [...words.matchAll(command)]
      .flatMap(([, named = '']) => named.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-')))
      .filter((name) => !version.test(name))
      .map((name) => ({
        place: number,
        reason: `"${name}" is installed in whatever version there is`,
        fix: 'write its version',
      })),
  );
}
