import { optionalMoney } from "@/server/money";
import type { ConversionState, NetworkStatus, Trust } from "./rules/apply-report";

/** A conversion as the verbs of this room work on it. */
export type Conversion = {
  id: string;
  sourceId: string;
  programId: string;
  externalId: string;
  state: ConversionState;
  affiliateId: string | null;
  attributedVia: "click" | "sub_id" | null;
  unattributedReason: string | null;
  unpricedReason: string | null;
  version: number;
};

export type ConversionRow = {
  id: string;
  source_id: string;
  program_id: string;
  external_id: string;
  network_status: NetworkStatus;
  trust: Trust;
  sale_minor: string | null;
  sale_currency: string | null;
  reward_minor: string | null;
  reward_currency: string | null;
  click_ref: string | null;
  sub_ids: Record<string, string>;
  ordering_keys: ConversionState["orderingKeys"];
  affiliate_id: string | null;
  attributed_via: "click" | "sub_id" | null;
  unattributed_reason: string | null;
  unpriced_reason: string | null;
  version: number;
  event_at: string;
};

/** Turns a raw row into a conversion. */
export function toConversion(row: ConversionRow): Conversion {
  return {
    id: row.id,
    sourceId: row.source_id,
    programId: row.program_id,
    externalId: row.external_id,
    state: {
      networkStatus: row.network_status,
      trust: row.trust,
      sale: optionalMoney(row.sale_minor, row.sale_currency),
      reward: optionalMoney(row.reward_minor, row.reward_currency),
      clickRef: row.click_ref,
      subIds: row.sub_ids,
      orderingKeys: row.ordering_keys,
      eventAt: new Date(row.event_at),
    },
    affiliateId: row.affiliate_id,
    attributedVia: row.attributed_via,
    unattributedReason: row.unattributed_reason,
    unpricedReason: row.unpriced_reason,
    version: row.version,
  };
}
