import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { attributeConversions } from "@/server/attribution";
import { updateCommissions } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { type Conversion, type ConversionRow, toConversion } from "./conversion-row";
import { lockWriter } from "./lock-writer";
import { saveConversions } from "./save-conversions";

/** What one page of parked conversions came to. */
export type ParkedPage = {
  looked: number;
  credited: number;
  /** Where the next page begins; null when this was the last one. */
  next: string | null;
};

/** Looks at the next `limit` parked conversions after the one named (null: from the first), in the order of their ids, and credits those
 *  whose click, affiliate or enrolment has turned up since; with commission and ledger, in one transaction. Those that still cannot
 *  be credited get the reason of now. */
export async function attributeParked(
  tx: Tx,
  input: { after: string | null; limit: number },
  now: Date,
): Promise<ParkedPage> {
  await lockWriter(tx);
  const page = await queryRows<{ id: string }>(
    tx,
    sql`select id from conversions where affiliate_id is null and id > ${input.after ?? ""} order by id limit ${input.limit}`,
  );
  const next = page.length < input.limit ? null : (page.at(-1)?.id ?? null);
  const known = await findKnown(tx, page[0]?.id, page.at(-1)?.id);
  const attributions = await attributeConversions(
    tx,
    known.map(({ conversion: { programId, state } }) => ({
      programId,
      reference: { clickRef: state.clickRef, subIds: state.subIds },
    })),
  );
  const credited: Parked[] = [];
  const stillParked: Conversion[] = [];
  known.forEach(({ conversion, changeId }, index) => {
    const attribution = attributions[index];
    if (attribution?.kind === "attributed") {
      const { affiliateId, via } = attribution;
      credited.push({
        conversion: { ...conversion, affiliateId, attributedVia: via, unattributedReason: null },
        changeId,
      });
    } else if (attribution && attribution.reason !== conversion.unattributedReason) {
      stillParked.push({ ...conversion, unattributedReason: attribution.reason });
    }
  });
  const priced = await priceCredited(tx, credited, now);
  await saveConversions(tx, [...priced, ...stillParked], now);
  await recordActivity(
    tx,
    priced.map((conversion) => toActivity(conversion, now)),
    now,
  );
  return { looked: page.length, credited: priced.length, next };
}

type Parked = { conversion: Conversion; changeId: string };

/** Those of a page that name a click or an affiliate that we know. Each reference is looked up by key ("limit" keeps it one): a condition
 *  over all of them tests every click and affiliate for every conversion. */
async function findKnown(tx: Tx, first: string | undefined, last: string | undefined): Promise<Parked[]> {
  if (first === undefined || last === undefined) return [];
  const rows = await queryRows<ConversionRow & { change_id: string }>(
    tx,
    sql`with known as materialized (
          select distinct p.id from conversions p
          cross join lateral (select p.click_ref as value union select value from jsonb_each_text(p.sub_ids)) r
          cross join lateral (
            (select 1 from clicks where id = r.value limit 1) union all
            (select 1 from affiliates where id = r.value limit 1) union all
            (select 1 from affiliates where external_id = r.value limit 1) limit 1) hit
          where p.affiliate_id is null and p.id between ${first} and ${last}
        )
        select c.*, (select h.id from conversion_changes h where h.conversion_id = c.id and h.applied order by h.version desc limit 1) as change_id
        from known cross join lateral (select * from conversions where id = known.id for update) c order by c.id`,
  );
  return rows.map((row) => ({ conversion: toConversion(row), changeId: row.change_id }));
}

async function priceCredited(tx: Tx, credited: readonly Parked[], now: Date): Promise<Conversion[]> {
  const outcomes = await updateCommissions(
    tx,
    credited.flatMap(({ conversion: c, changeId }) =>
      c.affiliateId === null
        ? []
        : {
            conversionId: c.id,
            changeId,
            sourceId: c.sourceId,
            programId: c.programId,
            affiliateId: c.affiliateId,
            order: c.externalId,
            says: { status: c.state.networkStatus, trust: c.state.trust, sale: c.state.sale, reward: c.state.reward },
            saleAt: c.state.eventAt,
            eventAt: now,
          },
    ),
    now,
  );
  const reasons = new Map(outcomes.map((outcome) => [outcome.conversionId, outcome.unpricedReason]));
  return credited.map(({ conversion }) => ({ ...conversion, unpricedReason: reasons.get(conversion.id) ?? null }));
}

function toActivity(conversion: Conversion, now: Date) {
  return {
    kind: "conversion.attributed",
    subjectId: conversion.id,
    affiliateId: conversion.affiliateId,
    eventAt: now,
    details: { order: conversion.externalId, via: conversion.attributedVia },
  };
}
