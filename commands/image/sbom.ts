import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { node } from '../../tools/pins.mjs';
import { type BuiltVariant, variantFolder } from './variants.ts';

const run = promisify(execFile);

type Component = { 'bom-ref': string; type: string; name: string; version: string; purl: string };
type Bom = { serialNumber: string; metadata: { timestamp?: string; component: Component }; components: Component[] };

/**
 * What is in an image, as CycloneDX: npm's own list of the variant's lockfile, Debian's libraries and Node. `records`: dpkg's, of the image.
 * Its number comes from the image's digest and it has no time, so that the same image has the same list.
 */
export async function sbom(
  root: string,
  variant: BuiltVariant,
  digest: string,
  records: readonly string[],
): Promise<Bom> {
  const asked = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev'];
  const { stdout } = await run('npm', asked, { cwd: join(root, variantFolder(variant)), maxBuffer: 16_000_000 });
  const { components, metadata, ...bom }: Bom = JSON.parse(stdout);
  const { timestamp: _now, ...listed } = metadata;
  const component = { ...listed.component, type: 'container', name: `gridramp-model-server-${variant}` };
  return {
    ...bom,
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    metadata: { ...listed, component },
    components: [...components, nodeItself(), ...records.map(debianPackage)],
  };
}

/** A UUID of version 8 (RFC 9562, section 5.8): the first bits of a digest. */
function uuidOf(digest: string): string {
  const hex = digest.replace('sha256:', '');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function nodeItself(): Component & { hashes: { alg: string; content: string }[] } {
  const purl = `pkg:generic/node@${node.version}`;
  const hashes = [{ alg: 'SHA-256', content: node.sha256 }];
  return { 'bom-ref': purl, type: 'application', name: 'node', version: node.version, purl, hashes };
}

function debianPackage(record: string): Component {
  const field = (name: string) => {
    const value = new RegExp(`^${name}: (.+)$`, 'm').exec(record)?.[1];
    if (value === undefined) throw new Error(`a record of dpkg has no ${name}: ${record.slice(0, 80)}`);
    return value;
  };
  const [name, version] = [field('Package'), field('Version')];
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${field('Architecture')}&distro=debian-12`;
  return { 'bom-ref': purl, type: 'library', name, version, purl };
}
