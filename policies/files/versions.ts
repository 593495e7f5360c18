import type { FilePolicy, RepositoryFile } from '../policy.ts';
import { linesOf } from './lines.ts';

/** The file that says which Node, Go and Kubernetes there are. */
export const VERSIONS_FILE = 'tools/pins.mjs';

/** Other places that would say it again, by what they say. */
const statements: { of: RegExp; says: RegExp; what: string }[] = [
  { of: /^\.(nvmrc|node-version|tool-versions|go-version)$/, says: /(\d[\d.]*)/, what: 'a version' },
  { of: /^\.github\/workflows\//, says: /^\s*(?:node|go)-version:\s*["']?(\d[\w.]*)/, what: 'a version' },
  { of: /^\.github\/workflows\//, says: /\bkubernetes-version:\s*["']?v?(\d[\w.]*)/i, what: 'a version of Kubernetes' },
];

export const versionsOnce: FilePolicy = {
  name: 'versions-stated-once',
  asks: `Which Node, Go and Kubernetes there are is said in ${VERSIONS_FILE}, and nowhere else.`,
  of: /^(\.(nvmrc|node-version|tool-versions|go-version)|\.github\/workflows\/[\w.-]+\.ya?ml)$/,
  violations: (files) => files.flatMap(statedAgain),
};

function statedAgain({ path, text }: RepositoryFile) {
  return linesOf(text).flatMap((line) =>
    statements
      .filter(({ of, says }) => of.test(path) && says.test(line.text))
      .map(({ says, what }) => ({
        file: path,
        place: line.number,
        reason: `${what}, ${says.exec(line.text)?.[1]}, is said here too: one of the two will be forgotten`,
        fix: `leave it out: npm installs the Node of ${VERSIONS_FILE}, and the bootstrap checks Go and builds Kubernetes by it`,
      })),
  );
}
