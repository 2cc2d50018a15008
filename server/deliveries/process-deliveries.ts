import { sql } from "drizzle-orm";
import { type DeliveredReport, recordConversions } from "@/server/conversions";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { networkNamed } from "@/server/networks";
import { findSources, type InboxSource } from "./find-source";
import { tellQuarantined } from "./tell-quarantined";

type WaitingRow = {
  id: string;
  seq: string;
  source_id: string;
  received_at: string;
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  signed: string;
};

type Outcome = { id: string; result: "accepted" | "quarantined"; reason: string | null };

/** Gives effect to deliveries that wait, in the order in which they were received, at most `limit`, in one transaction: history,
 *  attribution, commissions and ledger are committed together with the mark that the delivery is done. Returns how many
 *  were processed; fewer than `limit` means that none is left. `onlyId` isolates one delivery that poisons its neighbours. */
export async function processDeliveries(tx: Tx, input: { limit: number; onlyId?: string }, now: Date): Promise<number> {
  // Taken before reading: a second runner would otherwise see rows that the first is about to finish.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('deliveries ' || current_setting('app.org_id')))`);
  const waiting = await queryRows<WaitingRow>(
    tx,
    sql`select id, seq, source_id, received_at, method, target, headers, encode(body, 'base64') as body, signed from deliveries
        where result = 'accepted' and processed_at is null and ${input.onlyId === undefined ? sql`true` : sql`id = ${input.onlyId}`}
        order by seq limit ${input.limit}`,
  );
  const sources = await findSources(tx, [...new Set(waiting.map((row) => row.source_id))]);
  const outcomes = new Map<string, Outcome>();
  const delivered = waiting.flatMap((row) => toDelivered(row, sources.get(row.source_id), outcomes));
  for (const outcome of await recordConversions(tx, delivered, now)) {
    const known = outcomes.get(outcome.deliveryId);
    if (outcome.kind === "refused")
      outcomes.set(outcome.deliveryId, { id: outcome.deliveryId, result: "quarantined", reason: outcome.reason });
    else if (!known) outcomes.set(outcome.deliveryId, { id: outcome.deliveryId, ...effectOf(outcome.kind) });
  }
  await markProcessed(tx, waiting, [...outcomes.values()], now);
  return waiting.length;
}

function toDelivered(
  row: WaitingRow,
  source: InboxSource | undefined,
  outcomes: Map<string, Outcome>,
): DeliveredReport[] {
  if (!source) {
    outcomes.set(row.id, { id: row.id, result: "quarantined", reason: `source ${row.source_id} no longer exists` });
    return [];
  }
  const raw = { method: row.method, target: row.target, headers: row.headers, body: Buffer.from(row.body, "base64") };
  const parsed = networkNamed(source.network).parseRequest(raw, source.settings);
  if (parsed.kind === "unreadable") {
    outcomes.set(row.id, { id: row.id, result: "quarantined", reason: parsed.reason });
    return [];
  }
  return parsed.reports.map((report) => ({
    deliveryId: row.id,
    sourceId: source.id,
    programId: source.programId,
    trust: row.signed === "valid" ? "confirmed" : "claimed",
    receivedAt: new Date(row.received_at),
    report,
  }));
}

function effectOf(kind: "changed" | "same" | "stale"): { result: "accepted"; reason: string | null } {
  if (kind === "changed") return { result: "accepted", reason: null };
  return {
    result: "accepted",
    reason: kind === "same" ? "says what we already hold; no effect" : "older than what we hold; kept, no effect",
  };
}

async function markProcessed(
  tx: Tx,
  waiting: readonly WaitingRow[],
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> {
  const [first, last] = [waiting[0], waiting.at(-1)];
  if (!first || !last || outcomes.length === 0) return;
  // By the range in which they were read: joined by id alone, a database without statistics reads all deliveries there are.
  await tx.execute(
    sql`update deliveries d set result = o.result, reason = o.reason, processed_at = ${now.toISOString()}::timestamptz
        from ${jsonRows(outcomes)} as o(id text, result text, reason text)
        where d.id = o.id and d.result = 'accepted' and d.processed_at is null
          and d.seq between ${first.seq}::bigint and ${last.seq}::bigint`,
  );
  const quarantined = outcomes.filter((outcome) => outcome.result === "quarantined");
  await tellQuarantined(
    tx,
    waiting.flatMap(({ id, source_id }) => {
      const outcome = quarantined.find((one) => one.id === id);
      return outcome ? [{ deliveryId: id, sourceId: source_id, reason: outcome.reason }] : [];
    }),
    now,
  );
}
