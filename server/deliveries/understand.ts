import { dedupeKeyOf, fingerprintOf, networkNamed, type RawRequest } from "@/server/networks";
import type { InboxSource } from "./find-source";

/** What a request says, as far as the inbox needs to know: parsing is pure, its effects come later. */
export function understand(raw: RawRequest, source: InboxSource) {
  const parsed = networkNamed(source.network).parseRequest(raw, source.settings);
  if (parsed.kind === "unreadable") {
    return {
      result: "quarantined" as const,
      reason: parsed.reason,
      externalId: null,
      dedupeKey: null,
      fingerprint: null,
    };
  }
  const [report] = parsed.reports;
  // Only a request about a single conversion can be a repeat as a whole; others are compared report by report when processed.
  const single = parsed.reports.length === 1 ? report : undefined;
  return {
    result: "accepted" as const,
    reason: null,
    externalId: single?.externalId ?? null,
    dedupeKey: single ? dedupeKeyOf(single) : null,
    fingerprint: single ? fingerprintOf(single) : null,
  };
}
