/** What the runner starts, as data: processes, and steps between them. A name links to whatever must be ready before it. */
export type ProcessDescription = {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Names of processes and steps that must be ready first. */
  links: readonly string[];
  ready: Probe;
  restart?: RestartPolicy;
  /** Between SIGTERM and SIGKILL at the end. */
  grace_ms?: number;
};

/** Work of the runner itself that others wait for, such as applying objects; it is done once. */
export type StepDescription = {
  name: string;
  links: readonly string[];
  run: (signal: AbortSignal) => Promise<void>;
  /** Nobody waits for it: the lab counts as started before it is done. Its failure is the lab's all the same. */
  late?: boolean;
};

export type Part = ProcessDescription | StepDescription;

export type RestartPolicy = { times: number; within_ms: number };

/** Restarts that are forgiven before the whole lab fails. */
export const defaultRestart: RestartPolicy = { times: 5, within_ms: 60_000 };

export type Probe =
  | { kind: 'started' }
  /** The log of this start holds the text. */
  | { kind: 'log'; text: string }
  | { kind: 'http'; url: string; tls?: TlsFiles }
  | { kind: 'all'; probes: readonly Probe[] };

/** PEM files; `cert` and `key` where the server asks who calls. */
export type TlsFiles = { ca: string; cert?: string; key?: string };

export type LabEvent = {
  kind: 'started' | 'ready' | 'exited' | 'restarted' | 'failed' | 'stopped';
  name: string;
  /** Since the runner began. */
  at_ms: number;
  pid?: number;
  /** How it exited, or why it failed. */
  detail?: string;
};

export function isProcess(part: Part): part is ProcessDescription {
  return 'command' in part;
}

/** Parts in the order of their waves: each wave links only to earlier ones. */
export function wavesOf(parts: readonly Part[]): Part[][] {
  const names = new Set(parts.map(({ name }) => name));
  if (names.size !== parts.length) throw new Error(`two parts of the lab have the same name: ${duplicate(parts)}`);
  for (const { name, links } of parts)
    for (const link of links)
      if (!names.has(link)) throw new Error(`${name} waits for "${link}", which the lab does not have`);
  const waves: Part[][] = [];
  const done = new Set<string>();
  while (done.size < parts.length) {
    const wave = parts.filter(({ name, links }) => !done.has(name) && links.every((link) => done.has(link)));
    const waiting = parts.filter(({ name }) => !done.has(name)).map(({ name }) => name);
    if (wave.length === 0) throw new Error(`these parts of the lab wait for each other: ${waiting.join(', ')}`);
    for (const { name } of wave) done.add(name);
    waves.push(wave);
  }
  return waves;
}

function duplicate(parts: readonly Part[]): string {
  return parts.find(({ name }, index) => parts.findIndex((other) => other.name === name) !== index)?.name ?? '';
}

/** Every command as it would be run, wave by wave; nothing is started. */
export function dryRun(parts: readonly Part[]): string {
  return wavesOf(parts)
    .map((wave, index) => `# wave ${index}\n${wave.map(describe).join('\n')}\n`)
    .join('\n');
}

function describe(part: Part): string {
  const after = part.links.length === 0 ? '' : ` (after ${part.links.join(', ')})`;
  if (!isProcess(part)) return `## step ${part.name}${after}`;
  const env = Object.entries(part.env ?? {}).map(([key, value]) => `${key}=${value}`);
  return [`## ${part.name}${after}`, [...env, part.command].join(' '), ...part.args.map((arg) => `  ${arg}`)].join(
    '\n',
  );
}
