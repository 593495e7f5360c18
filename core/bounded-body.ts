/** Reads an answer's body of at most `limit_bytes`; a longer one is given up, whoever sends it. */
export async function boundedBytes(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size_bytes = 0;
  for await (const chunk of body) {
    size_bytes += chunk.byteLength;
    if (size_bytes > limit_bytes) throw new RangeError(`the answer is longer than ${limit_bytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The same as text. */
export async function boundedText(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<string> {
  return (await boundedBytes(body, limit_bytes)).toString('utf8');
}

/** The same as JSON; null where there is none. */
export async function boundedJson(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<unknown> {
  const text = await boundedText(body, limit_bytes);
  return text === '' ? null : JSON.parse(text);
}
