import type { FilePolicy } from '../policy.ts';
import { linesOf } from './lines.ts';

export const pythonHashes: FilePolicy = {
  name: 'python-packages-by-hash',
  asks: 'Lists of Python packages name one version of each, and its hash.',
  of: /(^|\/)[\w.-]*requirements[\w.-]*\.txt$/,
  violations: (files) =>
    files.flatMap(({ path, text }) =>
      linesOf(text)
        .map((line) => ({ ...line, text: line.text.replace(/(^|\s)#.*/, '').trim() }))
        .filter((line) => line.text !== '' && line.text !== '--require-hashes')
        .flatMap((line) => {
          if (/^[\w.[\],-]+==\S+(\s*;.*?)?(\s+--hash=sha256:[0-9a-f]{64})+$/.test(line.text)) return [];
          return {
            file: path,
            place: line.number,
            reason: `"${line.text}" is whatever the index has when it is installed`,
            fix: 'write NAME==VERSION --hash=sha256:DIGEST',
          };
        }),
    ),
};
