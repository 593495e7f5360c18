import { parseJson } from '../../core/json-text.ts';
import { at, recordAt } from '../fields.ts';
import type { FilePolicy } from '../policy.ts';
import { lineOf } from './lines.ts';

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

export const npmExact: FilePolicy = {
  name: 'npm-versions-exact',
  asks: 'Every package.json names one version of every package.',
  of: /(^|\/)package\.json$/,
  violations: (files) =>
    files.flatMap(({ path, text }) =>
      GROUPS.flatMap((group) =>
        Object.entries(recordAt(parseJson(text, path, 'write JSON'), group)).flatMap(([name, version]) => {
          if (typeof version === 'string' && /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return [];
          return {
            file: path,
            place: lineOf(text, `"${name}"`),
            reason: `"${name}": "${version}" is another package tomorrow`,
            fix: 'write the version that package-lock.json has',
          };
        }),
      ),
    ),
};

export const npmIntegrity: FilePolicy = {
  name: 'npm-packages-by-hash',
  asks: 'Every package-lock.json has the hash of every package.',
  of: /(^|\/)package-lock\.json$/,
  violations: (files) =>
    files.flatMap(({ path, text }) =>
      Object.entries(recordAt(parseJson(text, path, 'write JSON'), 'packages')).flatMap(([name, entry]) => {
        // The project itself, a link to a folder of it, and what lies within another package come from nowhere else.
        if (name === '' || at(entry, 'link') === true || at(entry, 'inBundle') === true) return [];
        if (String(at(entry, 'integrity')).startsWith('sha512-')) return [];
        return {
          file: path,
          place: lineOf(text, `"${name}"`),
          reason: `nothing proves that "${name}" is what was reviewed`,
          fix: 'remove the entry and run npm install, which writes its integrity',
        };
      }),
    ),
};
