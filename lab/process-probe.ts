import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import type { Probe, TlsFiles } from './process.ts';
import { readFrom } from './process-log.ts';

/** Where this start of the process writes, and from which byte on. */
export type ProbedLog = { file: string; from: number };

/** One look, never longer than a second; undefined when ready, else what is missing. */
export async function probe(check: Probe, log: ProbedLog): Promise<string | undefined> {
  if (check.kind === 'started') return undefined;
  if (check.kind === 'log')
    return readFrom(log.file, log.from).includes(check.text) ? undefined : `no "${check.text}" in its log yet`;
  if (check.kind === 'http') return await answersOk(check.url, check.tls);
  for (const each of check.probes) {
    const missing = await probe(each, log);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function answersOk(url: string, tls: TlsFiles | undefined): Promise<string | undefined> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  const options: RequestOptions = { agent: false, timeout: 1000, ...(tls === undefined ? {} : readTls(tls)) };
  return new Promise((resolve) => {
    const call = request(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? undefined : `${url} answered ${answer.statusCode}`);
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 1 s')));
    call.on('error', (error) => resolve(`${url}: ${error.message}`));
    call.end();
  });
}

export function readTls({ ca, cert, key }: TlsFiles): { ca: Buffer; cert?: Buffer; key?: Buffer } {
  return {
    ca: readFileSync(ca),
    ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
    ...(key === undefined ? {} : { key: readFileSync(key) }),
  };
}
