import type { RawRequest, SourceSettings } from "@/server/networks";

/** A source as it is when nobody changed anything, but for what a test says. */
export function sourceSettings(changes: Partial<SourceSettings> = {}): SourceSettings {
  return { amountFormat: "plain", defaultCurrency: null, defaultStatus: "pending", ...changes };
}

/** A GET with this query. */
export function get(query: string): RawRequest {
  return { method: "GET", target: `/api/postbacks/tok?${query}`, headers: {}, body: new Uint8Array() };
}

/** A POST of this body, as text in UTF-8 or as bytes. */
export function post(body: string | Uint8Array, contentType = "application/x-www-form-urlencoded"): RawRequest {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return { method: "POST", target: "/api/postbacks/tok", headers: { "content-type": contentType }, body: bytes };
}

/** A POST of JSON. */
export function json(text: string): RawRequest {
  return post(text, "application/json");
}

/** The form field in which Awin sends its JSON. */
export function push(text: string): RawRequest {
  return post(`AwinTransactionPush=${encodeURIComponent(text)}`);
}
