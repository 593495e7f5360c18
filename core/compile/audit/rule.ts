/** Something that a controller takes otherwise than whoever wrote it meant: where, why, and what to write instead. */
export type Trap = { rule: string; place: string; reason: string; fix: string };

/** One trap of docs/controller-facts.md; `caught` says whether the subject is in it. */
export type Rule<Subject> = Omit<Trap, 'place'> & { caught: (subject: Subject) => boolean };

export function trapsAt<Subject>(place: string, rules: readonly Rule<Subject>[], subject: Subject): Trap[] {
  return rules.filter(({ caught }) => caught(subject)).map(({ rule, reason, fix }) => ({ rule, place, reason, fix }));
}
