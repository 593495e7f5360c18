import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError } from '../core/input-error.ts';
import type { ProcessDescription } from './process.ts';
import type { Sides } from './xds-weights.ts';

export type TranslatorPlace = Sides & {
  kubeconfig: string;
  /** Namespace of the VirtualService and of the Services. */
  namespace: string;
  slot: number;
  /** Folder of Envoy's files and of weights.jsonl. */
  dir: string;
  /** JSON file: Service name → the address of this machine that stands for its cluster address. */
  addresses: string;
};

/** What the translator's log says once it works. */
export const TRANSLATOR_READY = 'Envoy is at what the objects say';

/** The translator as a process of the lab. Link it to the step that creates the Istio CRDs and to Envoy. */
export function translatorProcess(place: TranslatorPlace, links: readonly string[]): ProcessDescription {
  const options = Object.entries(place).map(([name, value]) => `--${name}=${value}`);
  return {
    name: 'translator',
    command: process.execPath,
    args: [fileURLToPath(new URL('xds-translator.ts', import.meta.url)), ...options],
    links,
    ready: { kind: 'log', text: TRANSLATOR_READY },
  };
}

/** The translator's command line. */
export function translatorPlaceFrom(args: string[]): TranslatorPlace {
  const names = ['kubeconfig', 'namespace', 'slot', 'dir', 'addresses', 'stable', 'canary', 'route'] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const value = (name: (typeof names)[number]): string => {
    const given = values[name];
    if (typeof given === 'string' && given !== '') return given;
    throw new InputError([
      { place: `--${name}`, message: 'is missing', fix: `give ${names.map((each) => `--${each}=…`).join(' ')}` },
    ]);
  };
  const [kubeconfig, namespace, dir, addresses] = [
    value('kubeconfig'),
    value('namespace'),
    value('dir'),
    value('addresses'),
  ];
  const sides = { stable: value('stable'), canary: value('canary'), route: value('route') };
  return { ...sides, kubeconfig, namespace, dir, addresses, slot: Number(value('slot')) };
}
