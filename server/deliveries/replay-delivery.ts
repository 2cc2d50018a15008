import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { networkNamed, type RawRequest, type Report } from "@/server/networks";
import { findSources, type InboxSource } from "./find-source";
import { understand } from "./understand";

export type Replayed = { result: "accepted" | "quarantined"; reason: string | null };

/** Reads a quarantined delivery again with the source's settings of now; what is understood waits to be processed like a new
 *  delivery, and is from then on what the source's next request is compared with. Only quarantined ones: any other already had its
 *  effect, repeats one that had, or was refused because its sender was not proven. Where the source does not say when it said something,
 *  a delivery that a later one has overtaken stays where it is: its old words would undo newer ones.
 *  Errors: not_found, precondition_failed (not quarantined, cut, or overtaken). */
export async function replayDelivery(tx: Tx, input: { deliveryId: string; by: string }, now: Date): Promise<Replayed> {
  const [row] = await queryRows<QuarantinedRow>(
    tx,
    sql`select id, seq, source_id, method, target, headers, encode(body, 'base64') as body, result, truncated_at from deliveries
        where id = ${input.deliveryId} for update`,
  );
  if (!row) throw new Refusal("not_found", `delivery ${input.deliveryId} does not exist`);
  if (row.result !== "quarantined" || row.truncated_at !== null) {
    const state = row.truncated_at === null ? row.result : "cut";
    throw new Refusal(
      "precondition_failed",
      `delivery ${input.deliveryId} is ${state}; only whole quarantined deliveries can be replayed`,
    );
  }
  const source = (await findSources(tx, [row.source_id])).get(row.source_id);
  if (!source) throw new Refusal("not_found", `source ${row.source_id} does not exist`);
  const raw = { method: row.method, target: row.target, headers: row.headers, body: Buffer.from(row.body, "base64") };
  const { result, reason, externalId, dedupeKey, fingerprint } = understand(raw, source);
  if (result === "accepted") await refuseOvertaken(tx, row, reportsIn(raw, source));
  if (dedupeKey !== null && fingerprint !== null) {
    await tx.execute(
      sql`insert into delivery_heads (source_id, dedupe_key, fingerprint, delivery_id, updated_at)
          values (${source.id}, ${dedupeKey}, ${fingerprint}, ${row.id}, ${now.toISOString()}::timestamptz)
          on conflict (source_id, dedupe_key) do update set fingerprint = excluded.fingerprint, delivery_id = excluded.delivery_id,
            updated_at = excluded.updated_at`,
    );
  }
  await tx.execute(
    sql`update deliveries set result = ${result}, reason = ${reason}, external_id = ${externalId}, repeats = null,
          processed_at = ${result === "accepted" ? null : now.toISOString()}::timestamptz
        where id = ${input.deliveryId}`,
  );
  await recordActivity(
    tx,
    [
      {
        kind: `delivery.replayed`,
        subjectId: input.deliveryId,
        details: { source: row.source_id, result, reason, by: input.by },
        eventAt: now,
      },
    ],
    now,
  );
  return { result, reason };
}

type QuarantinedRow = {
  id: string;
  seq: string;
  source_id: string;
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  result: string;
  truncated_at: number | null;
};

function reportsIn(raw: RawRequest, source: InboxSource): readonly Report[] {
  const parsed = networkNamed(source.network).parseRequest(raw, source.settings);
  return parsed.kind === "unreadable" ? [] : parsed.reports;
}

/** Reports that carry their place in the order find it by themselves; the others are as late as they arrived. */
async function refuseOvertaken(tx: Tx, row: QuarantinedRow, reports: readonly Report[]): Promise<void> {
  const unordered = reports.filter((report) => report.orderingKey === undefined).map(({ externalId }) => externalId);
  if (unordered.length === 0) return;
  const [later] = await queryRows<{ id: string; external_id: string }>(
    tx,
    sql`select d.id, d.external_id from deliveries d
        where d.source_id = ${row.source_id} and d.external_id in ${unordered} and d.seq > ${row.seq}::bigint
          and d.result in ('accepted', 'duplicate')
        union all
        select d.id, c.external_id from conversions c join conversion_changes h on h.conversion_id = c.id and h.applied
          join deliveries d on d.id = h.delivery_id
        where c.source_id = ${row.source_id} and c.external_id in ${unordered} and d.seq > ${row.seq}::bigint
        limit 1`,
  );
  if (!later) return;
  throw new Refusal(
    "precondition_failed",
    `delivery ${row.id} was overtaken: ${later.id} spoke of ${later.external_id} after it, and its old words would undo that`,
  );
}
