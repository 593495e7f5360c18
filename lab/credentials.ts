// The x509 library's dependency injection asks for this polyfill before anything of it is loaded.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const VALID_MS = 30 * 86_400_000;

/** Who may call the API, and the groups that each belongs to; `control-plane-objects.ts` says what each may do. */
export const users = {
  admin: ['system:masters'],
  'system:kube-controller-manager': [],
  'system:kube-scheduler': [],
  'argo-rollouts': [],
  prometheus: [],
  'node-agent': [],
  pulumi: [],
  /** Reads what the data plane is written from. */
  translator: [],
  /** Reads everything but secrets: the replay, the report, a person who looks. */
  observer: [],
} as const satisfies Record<string, readonly string[]>;

export type User = keyof typeof users;

export const userNames = Object.keys(users).filter((name): name is User => name in users);

/** Paths of the PEM files. */
export type CertificateFiles = { cert: string; key: string };

export type Credentials = {
  ca: string;
  etcd_ca: string;
  etcd: CertificateFiles;
  etcd_client: CertificateFiles;
  serving: CertificateFiles;
  service_account: { public: string; private: string };
  client: (user: User) => CertificateFiles;
  kubeconfig: (user: User) => string;
};

/** Where everything lies in a lab's folder; nothing is read or written. */
export function credentialPaths(dir: string): Credentials {
  const at = (name: string): string => join(dir, 'credentials', name);
  const pair = (name: string): CertificateFiles => ({ cert: at(`${name}.crt`), key: at(`${name}.key`) });
  const flat = (user: User): string => user.replaceAll(':', '-');
  return {
    ca: at('ca.crt'),
    etcd_ca: at('etcd-ca.crt'),
    etcd: pair('etcd'),
    etcd_client: pair('etcd-client'),
    serving: pair('serving'),
    service_account: { public: at('service-accounts.pub'), private: at('service-accounts.key') },
    client: (user) => pair(flat(user)),
    kubeconfig: (user) => at(`${flat(user)}.kubeconfig`),
  };
}

/** Issues a lab's certificates and kubeconfigs, from two authorities that exist only in this call: their keys are never written. */
export async function issueCredentials(dir: string, host: string, apiserver: string): Promise<Credentials> {
  const paths = credentialPaths(dir);
  await mkdir(join(dir, 'credentials'), { mode: 0o700 });
  const [ca, etcdCa] = await Promise.all([authority('gridramp lab'), authority('gridramp lab etcd')]);
  const names = [host, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'];
  await Promise.all([
    save(paths.ca, ca.pem),
    save(paths.etcd_ca, etcdCa.pem),
    saveLeaf(paths.etcd, await leaf(etcdCa, { user: 'etcd', groups: [], names: [host] })),
    saveLeaf(paths.etcd_client, await leaf(etcdCa, { user: 'kube-apiserver', groups: [] })),
    saveLeaf(paths.serving, await leaf(ca, { user: 'gridramp-lab', groups: [], names: [...names, '10.96.0.1'] })),
    saveServiceAccountKeys(paths),
    ...userNames.map(async (user) => {
      const issued = await leaf(ca, { user, groups: users[user] });
      await saveLeaf(paths.client(user), issued);
      await save(paths.kubeconfig(user), kubeconfig(apiserver, user, ca.pem, issued));
    }),
  ]);
  return paths;
}

type Authority = { certificate: X509Certificate; keys: webcrypto.CryptoKeyPair; pem: string };
type Leaf = { cert: string; key: string };

async function authority(name: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys, pem: `${certificate.toString('pem')}\n` };
}

/** With `names` it also serves under them; without, it only calls. */
async function leaf(
  issuer: Authority,
  { user, groups, names }: { user: string; groups: readonly string[]; names?: readonly string[] },
): Promise<Leaf> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const usages = [ExtendedKeyUsage.clientAuth, ...(names === undefined ? [] : [ExtendedKeyUsage.serverAuth])];
  const certificate = await X509CertificateGenerator.create({
    subject: [...groups.map((group) => ({ O: [group] })), { CN: [user] }],
    issuer: issuer.certificate.subjectName,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(usages),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...(names === undefined ? [] : [alternativeNames(names)]),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await privatePem(keys.privateKey) };
}

function alternativeNames(names: readonly string[]): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
  );
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now_ms = Date.now();
  return { notBefore: new Date(now_ms - 3_600_000), notAfter: new Date(now_ms + VALID_MS) };
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

async function saveServiceAccountKeys(paths: Credentials): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const publicKey = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  await save(paths.service_account.public, `${PemConverter.encode(publicKey, 'PUBLIC KEY')}\n`);
  await save(paths.service_account.private, await privatePem(keys.privateKey));
}

async function saveLeaf({ cert, key }: CertificateFiles, issued: Leaf): Promise<void> {
  await Promise.all([save(cert, issued.cert), save(key, issued.key)]);
}

async function save(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
}

/** One user's kubeconfig with everything in it, so that it may be copied elsewhere. JSON is YAML. */
function kubeconfig(server: string, user: string, ca: string, { cert, key }: Leaf): string {
  const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: user, user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user } }],
    'current-context': 'lab',
  });
}
