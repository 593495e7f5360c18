/** @typedef {readonly [number, number, number]} Version */

/**
 * The first dotted number in what a program says of itself ("go version go1.26.8 linux/amd64", "v20.20.2", "devel go1.27-3f1a").
 * @param {string} text
 * @returns {Version | null}
 */
export function parseVersion(text) {
  const found = /(?<![\d.])(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.replace(/\b(?:go|v)(?=\d)/g, ''));
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : null;
}

/**
 * @param {Version} version
 * @param {string} least
 */
export function atLeast(version, least) {
  const wanted = parseVersion(least);
  if (!wanted) throw new Error(`"${least}" is no version`);
  const differing = version.findIndex((part, place) => part !== wanted[place]);
  return differing === -1 || (version[differing] ?? 0) > (wanted[differing] ?? 0);
}
