/** The most a request may carry, and how much is kept of one that is refused. */
const BODY_LIMIT_BYTES = 256 * 1024;
export const KEPT_BYTES = 64 * 1024;

export type ReadBody = { bytes: Uint8Array; end: "whole" | "too_large" | "cut" };

/** Reads a body up to the limit and no further. A connection that breaks leaves what arrived. */
export async function readBody(request: Request): Promise<ReadBody> {
  if (request.body === null) return { bytes: new Uint8Array(), end: "whole" };
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes: Buffer.concat(chunks), end: "whole" };
      chunks.push(value);
      size += value.byteLength;
      if (size > BODY_LIMIT_BYTES) {
        await reader.cancel();
        return { bytes: Buffer.concat(chunks).subarray(0, KEPT_BYTES), end: "too_large" };
      }
    }
  } catch {
    return { bytes: Buffer.concat(chunks), end: "cut" };
  }
}
