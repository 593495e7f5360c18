import { readFileSync } from 'node:fs';
import { type Fault, InputError } from '../core/input-error.ts';
import { PodFault } from './pod-fault.ts';

/** What stands for an image's contents: where it runs, and its entry point and environment. */
export type Image = { cwd: string; command: string[]; env?: Record<string, string> };

/** Image reference → image. */
export type ImageTable = Readonly<Record<string, Image>>;

/** Reads and checks the table; all its faults at once. */
export function readImages(file: string): ImageTable {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const faults: Fault[] = [];
  for (const [reference, image] of Object.entries(parsed ?? {}))
    if (!isImage(image))
      faults.push({
        place: `${file} "${reference}"`,
        message: `${JSON.stringify(image)} is not an image`,
        fix: 'write {"cwd": folder, "command": [program, argument, …]}, with "env" if it needs one',
      });
  if (faults.length > 0) throw new InputError(faults);
  return parsed as ImageTable;
}

/** The image of a reference; the table is read anew, as a registry may have got the image meanwhile. */
export function pullImage(file: string, reference: string): Image {
  const table = readImages(file);
  const image = table[reference];
  if (image !== undefined) return image;
  const known = Object.keys(table).join(', ') || 'none';
  throw new PodFault('ErrImagePull', `image "${reference}" is not in ${file}; there are: ${known}`);
}

function isImage(value: unknown): value is Image {
  if (typeof value !== 'object' || value === null) return false;
  const { cwd, command, env = {} } = value as Record<string, unknown>;
  return (
    typeof cwd === 'string' &&
    isTexts(command) &&
    typeof env === 'object' &&
    env !== null &&
    isTexts(Object.values(env))
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
