import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { findSources } from "./find-source";
import { understand } from "./handle-postback";

export type Replayed = { result: "accepted" | "quarantined"; reason: string | null };

/** Reads a quarantined delivery again with the source's settings of now; what is understood waits to be processed like a new
 *  delivery. Only quarantined ones: any other already had its effect (again, it could undo what came after it), repeats one that
 *  had, or was refused because its sender was not proven.
 *  Errors: not_found, precondition_failed (not quarantined, or cut). */
export async function replayDelivery(tx: Tx, input: { deliveryId: string }, now: Date): Promise<Replayed> {
  const [row] = await queryRows<{
    source_id: string;
    method: string;
    target: string;
    headers: Record<string, string>;
    body: string;
    result: string;
    truncated_at: number | null;
  }>(
    tx,
    sql`select source_id, method, target, headers, encode(body, 'base64') as body, result, truncated_at from deliveries
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
  const { result, reason, externalId } = understand(raw, source);
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
        details: { source: row.source_id, result, reason },
        eventAt: now,
      },
    ],
    now,
  );
  return { result, reason };
}
