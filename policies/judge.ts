import { filePolicies, objectPolicies, stackPolicies } from './all.ts';
import { type KubernetesObject, nameOf, type RepositoryFile } from './policy.ts';
import type { PolicySettings } from './settings.ts';
import { type Circumstances, type Finding, weigh } from './verdict.ts';

/** What all policies find in the objects of a stack, those that are disabled left out. */
export function judgeObjects(
  objects: readonly KubernetesObject[],
  settings: PolicySettings,
  circumstances: Circumstances,
): Finding[] {
  const own = objectPolicies.flatMap(({ name, violations }) =>
    objects.flatMap((object) =>
      violations(object, settings).map((each) => weigh(name, nameOf(object), each, settings, circumstances)),
    ),
  );
  const together = stackPolicies.flatMap(({ name, violations }) =>
    violations(objects, settings).map(({ object, ...each }) => weigh(name, object, each, settings, circumstances)),
  );
  return [...own, ...together].filter(({ level }) => level !== 'disabled');
}

/** What all policies find in the files of a repository, those that are disabled left out. */
export function judgeFiles(
  files: readonly RepositoryFile[],
  settings: PolicySettings,
  circumstances: Circumstances,
): Finding[] {
  return filePolicies
    .flatMap(({ name, of, violations }) =>
      violations(files.filter(({ path }) => of.test(path))).map(({ file, ...each }) =>
        weigh(name, file, each, settings, circumstances),
      ),
    )
    .filter(({ level }) => level !== 'disabled');
}
