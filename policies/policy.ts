import type { PolicySettings } from './settings.ts';

/** An object as the cluster is given it. Its fields are whatever somebody wrote: policies read them with fields.ts. */
export type KubernetesObject = { apiVersion: string; kind: string; [field: string]: unknown };

/** A file of the repository, under its path from the root. */
export type RepositoryFile = { path: string; text: string };

/** `place` is within the subject: a field's path, a line; empty for all of it. */
export type Violation = { place: string; reason: string; fix: string };

/** A rule with a name, which Pulumi and the repository's checks both know it by. */
type Named = {
  name: string;
  /** What it asks for, in a sentence. */
  asks: string;
};

/** Judges each object by itself. */
export type ObjectPolicy = Named & {
  violations: (object: KubernetesObject, settings: PolicySettings) => Violation[];
};

/** Judges what a stack has, and what it lacks; each violation is an object's. */
export type StackPolicy = Named & {
  violations: (objects: readonly KubernetesObject[], settings: PolicySettings) => (Violation & { object: string })[];
};

/** Judges the files that `of` picks; each violation is a file's, and its place a line number. */
export type FilePolicy = Named & {
  of: RegExp;
  violations: (files: readonly RepositoryFile[]) => (Violation & { file: string })[];
};

/** `Deployment/scorer`, as exemptions and messages name an object. */
export function nameOf(object: KubernetesObject): string {
  const { metadata } = object;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return `${object.kind}/${typeof name === 'string' ? name : '(without a name)'}`;
}
