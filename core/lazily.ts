/** What `make` makes when it is first asked for: compiling a schema costs a starting process more than all the rest of its file. */
export function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
