/** What is used of Node's WebAssembly: TypeScript describes it only together with all of a browser. */
declare namespace WebAssembly {
  class Memory {
    private constructor();
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module);
  }
}
