import { sql } from "drizzle-orm";
import { attributeConversions } from "@/server/attribution";
import { updateCommissions } from "@/server/commissions";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import { type Conversion, type ConversionRow, toConversion } from "./conversion-row";
import { lockWriter } from "./lock-writer";
import { applyReport, type ConversionState, type Report, type Trust } from "./rules/apply-report";
import { saveOrderingKeys } from "./save-ordering-keys";
import { type Change, writeChanges } from "./write-changes";

/** One report with the delivery that brought it. */
export type DeliveredReport = {
  deliveryId: string;
  sourceId: string;
  programId: string;
  trust: Trust;
  receivedAt: Date;
  report: Report;
};

/** What a report did. `same` and `stale` moved nothing. */
export type ReportOutcome =
  | { deliveryId: string; kind: "changed" | "same" | "stale" }
  | { deliveryId: string; kind: "refused"; reason: string };

/** Records what sources said, in the order given, with all that follows in the same transaction: history, attribution, commission
 *  and ledger. Each change of a conversion has exactly one history row and at most one commission movement. Only one writer
 *  of an organization's conversions runs at a time; chunks make that cheap. */
export async function recordConversions(
  tx: Tx,
  delivered: readonly DeliveredReport[],
  now: Date,
): Promise<ReportOutcome[]> {
  if (delivered.length === 0) return [];
  await lockWriter(tx);
  const held = await lockConversions(tx, delivered);
  const outcomes: ReportOutcome[] = [];
  for (const round of inRounds(delivered)) outcomes.push(...(await recordRound(tx, round, held, now)));
  return outcomes;
}

/** One report per conversion and round, so that every change gets a movement of its own. */
function inRounds(delivered: readonly DeliveredReport[]): DeliveredReport[][] {
  const rounds: DeliveredReport[][] = [];
  const seen = new Map<string, number>();
  for (const one of delivered) {
    const round = seen.get(keyOf(one)) ?? 0;
    seen.set(keyOf(one), round + 1);
    rounds[round] = [...(rounds[round] ?? []), one];
  }
  return rounds;
}

async function recordRound(
  tx: Tx,
  round: readonly DeliveredReport[],
  held: Map<string, Conversion>,
  now: Date,
): Promise<ReportOutcome[]> {
  const changes: Change[] = [];
  const renewed: Conversion[] = [];
  const outcomes = round.map((delivered): ReportOutcome => {
    const { deliveryId } = delivered;
    const before = held.get(keyOf(delivered)) ?? null;
    const applied = applyReport(before?.state ?? null, delivered.report, { ...delivered, judgedAt: now });
    if (applied.kind === "refused") return { deliveryId, kind: "refused", reason: applied.reason };
    if (applied.kind === "changed") changes.push(toChange(delivered, before, applied.state, true, now));
    else if (before && applied.kind === "stale") changes.push(toChange(delivered, before, before.state, false, now));
    else if (before && applied.kind === "same") renewed.push({ ...before, state: applied.state });
    return { deliveryId, kind: applied.kind };
  });
  await attributeNew(tx, changes);
  await priceAttributed(tx, changes, now);
  await writeChanges(tx, changes, now);
  await saveOrderingKeys(tx, renewed, now);
  for (const after of [...changes.map((change) => change.after), ...renewed]) held.set(nameOf(after), after);
  return outcomes;
}

function toChange(
  delivered: DeliveredReport,
  before: Conversion | null,
  state: ConversionState,
  applied: boolean,
  now: Date,
): Change {
  const after: Conversion = {
    ...(before ?? {
      id: newId("cnv", now),
      sourceId: delivered.sourceId,
      programId: delivered.programId,
      externalId: delivered.report.externalId,
      affiliateId: null,
      attributedVia: null,
      unattributedReason: "not looked at yet",
      unpricedReason: null,
    }),
    state,
    version: (before?.version ?? 0) + 1,
  };
  return { id: newId("chg", now), delivered, before, after, applied };
}

async function attributeNew(tx: Tx, changes: readonly Change[]): Promise<void> {
  const open = changes.filter((change) => change.applied && change.after.affiliateId === null);
  const attributions = await attributeConversions(
    tx,
    open.map(({ after }) => ({
      programId: after.programId,
      reference: { clickRef: after.state.clickRef, subIds: after.state.subIds },
    })),
  );
  open.forEach((change, index) => {
    const attribution = attributions[index];
    if (attribution?.kind === "attributed") {
      change.after = {
        ...change.after,
        affiliateId: attribution.affiliateId,
        attributedVia: attribution.via,
        unattributedReason: null,
      };
    } else if (attribution) {
      change.after = { ...change.after, unattributedReason: attribution.reason };
    }
  });
}

async function priceAttributed(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  const attributed = changes.flatMap((change) => {
    const { affiliateId, state } = change.after;
    if (!change.applied || affiliateId === null) return [];
    return [
      {
        conversionId: change.after.id,
        changeId: change.id,
        sourceId: change.after.sourceId,
        programId: change.after.programId,
        affiliateId,
        order: change.after.externalId,
        says: { status: state.networkStatus, trust: state.trust, sale: state.sale, reward: state.reward },
        saleAt: state.eventAt,
        eventAt: change.delivered.report.occurredAt ?? change.delivered.receivedAt,
      },
    ];
  });
  const outcomes = new Map(
    (await updateCommissions(tx, attributed, now)).map((o) => [o.conversionId, o.unpricedReason]),
  );
  for (const change of changes) {
    if (outcomes.has(change.after.id))
      change.after = { ...change.after, unpricedReason: outcomes.get(change.after.id) ?? null };
  }
}

async function lockConversions(tx: Tx, delivered: readonly DeliveredReport[]): Promise<Map<string, Conversion>> {
  const keys = new Map(
    delivered.map((one) => [keyOf(one), { source_id: one.sourceId, external_id: one.report.externalId }] as const),
  );
  // A look-up by key for each: joined in any other way, a database without statistics reads all conversions there are.
  const rows = await queryRows<ConversionRow>(
    tx,
    sql`select c.* from ${jsonRows([...keys.values()])} as w(source_id text, external_id text)
        cross join lateral (
          select * from conversions where source_id = w.source_id and external_id = w.external_id for update
        ) c`,
  );
  return new Map(rows.map(toConversion).map((conversion) => [nameOf(conversion), conversion]));
}

function keyOf({ sourceId, report }: DeliveredReport): string {
  return nameOf({ sourceId, externalId: report.externalId });
}

/** What names a conversion for its source and for us. */
function nameOf({ sourceId, externalId }: Pick<Conversion, "sourceId" | "externalId">): string {
  return `${sourceId} ${externalId}`;
}
