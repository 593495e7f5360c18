/** A package of a package-lock.json (version 3), as far as it says what else must be there. */
export type LockedPackage = {
  version?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  dev?: boolean;
  devOptional?: boolean;
  peer?: boolean;
};
export type Lock = { lockfileVersion: number; packages: Record<string, LockedPackage> };
export type VariantPackage = { name: string; version: string; license: string; dependencies: Record<string, string> };

/** The one package that no image shares with this checkout. It is tfjs-node in other words: the same version asks for the same packages. */
const GPU = {
  path: 'node_modules/@tensorflow/tfjs-node-gpu',
  like: 'node_modules/@tensorflow/tfjs-node',
  integrity: 'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
};

/**
 * The lockfile of an image: what its package.json names and what those need, cut out of the checkout's own lockfile, so that
 * an image never runs another version than the tests do. Optional packages stay out: none of the server's has one that it needs.
 * @throws where the checkout's lockfile lacks a package
 */
export function variantLock(variant: VariantPackage, root: Lock): object {
  const known = { ...root.packages, [GPU.path]: { ...root.packages[GPU.like], integrity: GPU.integrity } };
  const found = new Map<string, LockedPackage>();
  const wanted = Object.keys(variant.dependencies).map((name) => ({ name, from: '' }));
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    const path = placeOf(next.name, next.from, known);
    const locked = known[path];
    if (locked === undefined) throw new Error(`package-lock.json has no ${next.name}, which ${next.from} needs`);
    if (found.has(path)) continue;
    found.set(path, locked);
    wanted.push(...needs(locked).map((name) => ({ name, from: path })));
  }
  const { name, version, license, dependencies } = variant;
  const packages = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, locked]) => [path, runtime(locked)]);
  return {
    name,
    version,
    lockfileVersion: root.lockfileVersion,
    requires: true,
    packages: { '': { name, version, license, dependencies }, ...Object.fromEntries(packages) },
  };
}

function needs({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...peers];
}

/** Where Node finds `name` from the package at `from`: in its own node_modules, else in those above it. */
function placeOf(name: string, from: string, known: Record<string, LockedPackage>): string {
  for (let at = from; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at}/node_modules/${name}`;
    if (path in known) return path;
  }
  return `node_modules/${name}`;
}

/** Without what npm notes of the checkout: there a package may be one that only tests or peers ask for. */
function runtime({ dev: _dev, devOptional: _devOptional, peer: _peer, ...locked }: LockedPackage): LockedPackage {
  return locked;
}
