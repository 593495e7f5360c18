import type { FilePolicy } from '../policy.ts';
import { linesOf } from './lines.ts';

export const actionsByCommit: FilePolicy = {
  name: 'actions-by-commit',
  asks: 'CI uses the actions of others by commit.',
  of: /(^|\/)(\.github\/workflows\/[\w.-]+|action)\.ya?ml$/,
  violations: (files) =>
    files.flatMap(({ path, text }) =>
      linesOf(text).flatMap((line) => {
        const [, action] = /^\s*(?:-\s+)?uses:\s*["']?([^"'\s#]+)/.exec(line.text) ?? [];
        if (action === undefined || action.startsWith('./')) return [];
        if (/@([0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(action)) return [];
        return {
          file: path,
          place: line.number,
          reason: `"${action}" is whatever its owner moves that name to, and it runs with the rights of CI`,
          fix: 'write OWNER/NAME@COMMIT, with the version as a comment',
        };
      }),
    ),
};
