import { sql } from "drizzle-orm";
import { attributeConversions } from "@/server/attribution";
import { updateCommissions } from "@/server/commissions";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import { type Conversion, type ConversionRow, toConversion } from "./conversion-row";
import { applyReport, type ConversionState, type Report, type Trust } from "./rules/apply-report";
import { type Change, writeConversions } from "./write-conversions";

/** One report with the delivery that brought it. */
export type Statement = {
  deliveryId: string;
  sourceId: string;
  programId: string;
  trust: Trust;
  receivedAt: Date;
  report: Report;
};

/** What a statement did. `same` and `stale` moved nothing. */
export type StatementOutcome =
  | { deliveryId: string; kind: "changed" | "same" | "stale" }
  | { deliveryId: string; kind: "refused"; reason: string };

/** Records what sources said, in the order given, with all that follows in the same transaction: history, attribution, commission
 *  and ledger. Each change of a conversion has exactly one history row and at most one commission movement. Only one writer
 *  of an organization's conversions runs at a time; chunks make that cheap. */
export async function recordConversions(
  tx: Tx,
  statements: readonly Statement[],
  now: Date,
): Promise<StatementOutcome[]> {
  if (statements.length === 0) return [];
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('conversions ' || current_setting('app.org_id')))`);
  const held = await lockConversions(tx, statements);
  const outcomes: StatementOutcome[] = [];
  for (const round of inRounds(statements)) outcomes.push(...(await recordRound(tx, round, held, now)));
  return outcomes;
}

/** One statement per conversion and round, so that every change gets a movement of its own. */
function inRounds(statements: readonly Statement[]): Statement[][] {
  const rounds: Statement[][] = [];
  const seen = new Map<string, number>();
  for (const statement of statements) {
    const round = seen.get(keyOf(statement)) ?? 0;
    seen.set(keyOf(statement), round + 1);
    rounds[round] = [...(rounds[round] ?? []), statement];
  }
  return rounds;
}

async function recordRound(
  tx: Tx,
  round: readonly Statement[],
  held: Map<string, Conversion>,
  now: Date,
): Promise<StatementOutcome[]> {
  const changes: Change[] = [];
  const outcomes = round.map((statement): StatementOutcome => {
    const before = held.get(keyOf(statement)) ?? null;
    const applied = applyReport(before?.state ?? null, statement.report, statement);
    if (applied.kind === "refused")
      return { deliveryId: statement.deliveryId, kind: "refused", reason: applied.reason };
    if (applied.kind === "changed" || before === null)
      changes.push(toChange(statement, before, stateOf(applied, before), true, now));
    else if (applied.kind === "stale") changes.push(toChange(statement, before, before.state, false, now));
    else held.set(keyOf(statement), { ...before, state: applied.state });
    return { deliveryId: statement.deliveryId, kind: applied.kind };
  });
  await attributeNew(tx, changes);
  await priceAttributed(tx, changes, now);
  await writeConversions(tx, changes, now);
  for (const change of changes) held.set(keyOf(change.statement), change.after);
  return outcomes;
}

function stateOf(applied: { kind: string; state?: ConversionState }, before: Conversion | null): ConversionState {
  const state = applied.state ?? before?.state;
  if (!state) throw new Error("a change without a state");
  return state;
}

function toChange(
  statement: Statement,
  before: Conversion | null,
  state: ConversionState,
  applied: boolean,
  now: Date,
): Change {
  const after: Conversion = {
    ...(before ?? {
      id: newId("cnv", now),
      sourceId: statement.sourceId,
      programId: statement.programId,
      externalId: statement.report.externalId,
      affiliateId: null,
      attributedVia: null,
      unattributedReason: "not looked at yet",
      unpricedReason: null,
    }),
    state,
    version: (before?.version ?? 0) + 1,
  };
  return { id: newId("chg", now), statement, before, after, applied };
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
        eventAt: change.statement.report.occurredAt ?? change.statement.receivedAt,
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

async function lockConversions(tx: Tx, statements: readonly Statement[]): Promise<Map<string, Conversion>> {
  const keys = new Map(
    statements.map((s) => [keyOf(s), { source_id: s.sourceId, external_id: s.report.externalId }] as const),
  );
  // A look-up by key for each: joined in any other way, a database without statistics reads all conversions there are.
  const rows = await queryRows<ConversionRow>(
    tx,
    sql`select c.* from ${jsonRows([...keys.values()])} as w(source_id text, external_id text)
        cross join lateral (
          select * from conversions where source_id = w.source_id and external_id = w.external_id for update
        ) c`,
  );
  return new Map(rows.map((row) => [`${row.source_id} ${row.external_id}`, toConversion(row)]));
}

function keyOf(statement: Statement): string {
  return `${statement.sourceId} ${statement.report.externalId}`;
}
