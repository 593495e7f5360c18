/** Reads a JSON body of at most `limit_bytes`. */
export async function boundedJson(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size_bytes = 0;
  for await (const chunk of body) {
    size_bytes += chunk.byteLength;
    if (size_bytes > limit_bytes) throw new RangeError(`the answer is longer than ${limit_bytes} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : JSON.parse(text);
}
