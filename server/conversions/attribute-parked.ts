import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { attributeConversions } from "@/server/attribution";
import { updateCommissions } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { type ConversionRow, toConversion } from "./conversion-row";
import { saveConversions } from "./write-conversions";

/** Credits parked conversions whose click, or whose affiliate, has turned up since; with commission and ledger, in one transaction, at
 *  most `limit`. Returns how many were credited; fewer than `limit` means that none is left. */
export async function attributeParked(tx: Tx, input: { limit: number }, now: Date): Promise<number> {
  const parked = await queryRows<ConversionRow & { change_id: string }>(
    tx,
    sql`select c.*, (select h.id from conversion_changes h where h.conversion_id = c.id and h.applied order by h.version desc limit 1) as change_id
        from conversions c
        where c.affiliate_id is null and (
          exists (select from clicks k join enrolments e on e.affiliate_id = k.affiliate_id and e.program_id = c.program_id
                  where k.program_id = c.program_id and (k.id = c.click_ref or k.id in (select value from jsonb_each_text(c.sub_ids))))
          or exists (select from affiliates a join enrolments e on e.affiliate_id = a.id and e.program_id = c.program_id
                  where a.external_id = c.click_ref or a.id = c.click_ref
                     or a.external_id in (select value from jsonb_each_text(c.sub_ids)) or a.id in (select value from jsonb_each_text(c.sub_ids))))
        order by c.id limit ${input.limit} for update of c skip locked`,
  );
  const conversions = parked.map(toConversion);
  const attributions = await attributeConversions(
    tx,
    conversions.map((c) => ({
      programId: c.programId,
      reference: { clickRef: c.state.clickRef, subIds: c.state.subIds },
    })),
  );
  const credited = conversions.flatMap((conversion, index) => {
    const attribution = attributions[index];
    if (attribution?.kind !== "attributed") return [];
    return [
      { ...conversion, affiliateId: attribution.affiliateId, attributedVia: attribution.via, unattributedReason: null },
    ];
  });
  const changeIds = new Map(parked.map((row) => [row.id, row.change_id]));
  const outcomes = await updateCommissions(
    tx,
    credited.map((c) => ({
      conversionId: c.id,
      changeId: changeIds.get(c.id) ?? "",
      sourceId: c.sourceId,
      programId: c.programId,
      affiliateId: c.affiliateId,
      order: c.externalId,
      says: { status: c.state.networkStatus, trust: c.state.trust, sale: c.state.sale, reward: c.state.reward },
      saleAt: c.state.eventAt,
      eventAt: now,
    })),
    now,
  );
  const reasons = new Map(outcomes.map((o) => [o.conversionId, o.unpricedReason]));
  if (credited.length > 0) {
    await saveConversions(
      tx,
      credited.map((c) => ({ ...c, unpricedReason: reasons.get(c.id) ?? null })),
      now,
    );
    await recordActivity(
      tx,
      credited.map((c) => toActivity(c, now)),
      now,
    );
  }
  return credited.length;
}

function toActivity(
  conversion: { id: string; affiliateId: string; externalId: string; attributedVia: string | null },
  now: Date,
) {
  return {
    kind: "conversion.attributed",
    subjectId: conversion.id,
    affiliateId: conversion.affiliateId,
    eventAt: now,
    details: { order: conversion.externalId, via: conversion.attributedVia },
  };
}
