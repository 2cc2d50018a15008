import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { assertInvariant, Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { type Money, toDecimal } from "@/server/money";
import { chunksOf } from "./chunks";
import { collectEffects, findCandidates, type Scope } from "./find-candidates";
import { insertPayouts, type NewPayout } from "./insert-payouts";
import { markLines } from "./payout-lines";
import { type Candidate, type Finding, findingsOf, type Terms } from "./rules/validators";

export type NewBatch = Scope & {
  /** The operator's user id. */
  readonly plannedBy: string;
  readonly railRefuses: Terms["railRefuses"];
};

/** What a plan came to. Nobody is left out without a finding that says why. */
export type PlannedBatch = { batchId: string; payouts: number; leftOut: number; total: Money };

const CHUNK = 2000;

/** Drafts a batch: every enrolled affiliate is considered, everything due before the cut-off is collected, whoever passes all validators gets a
 *  payout and everybody else a finding. What a draft collects no other draft can. One plan of a program runs at a time.
 *  Errors: not_found (program), invalid_input (a cut-off in the future), precondition_failed (nobody is enrolled). */
export async function planBatch(tx: Tx, input: NewBatch, now: Date): Promise<PlannedBatch> {
  const { programId, currency, cutOff } = input;
  if (cutOff.getTime() > now.getTime()) {
    throw new Refusal(
      "invalid_input",
      `the cut-off ${cutOff.toISOString()} lies in the future; what comes due until then is not known`,
    );
  }
  const terms = { ...(await lockTerms(tx, input)), currency, cutOff, now, railRefuses: input.railRefuses };
  await collectEffects(tx, input);
  const candidates = await findCandidates(tx, input);
  if (candidates.length === 0) {
    throw new Refusal(
      "precondition_failed",
      `nobody is enrolled in program ${terms.programName}; a batch needs somebody to consider`,
    );
  }
  const judged = candidates.map((candidate) => ({ candidate, findings: findingsOf(candidate, terms) }));
  const included = judged.filter(({ findings }) => !findings.some(({ blocks }) => blocks));
  const batchId = newId("bat", now);
  await tx.execute(
    sql`insert into payout_batches (id, program_id, currency, cut_off, state, planned_by, created_at)
        values (${batchId}, ${programId}, ${currency}, ${cutOff.toISOString()}::timestamptz, 'draft', ${input.plannedBy}, ${now.toISOString()}::timestamptz)`,
  );
  await insertFindings(tx, batchId, judged, now);
  const payouts = included.map(({ candidate }) => toPayout(candidate, { ...input, batchId }, now));
  await insertPayouts(tx, payouts, "planned", now);
  await insertLines(tx, payouts, now);
  const total = { minor: payouts.reduce((sum, payout) => sum + payout.amount.minor, 0n), currency };
  const planned = { batchId, payouts: payouts.length, leftOut: candidates.length - payouts.length, total };
  await recordPlan(tx, planned, now);
  return planned;
}

/** The lock on the program's row lets one plan finish before the next looks. */
async function lockTerms(tx: Tx, { programId, currency }: Scope) {
  const [program] = await queryRows<{ name: string; time_zone: string }>(
    tx,
    sql`select name, time_zone from programs where id = ${programId} for no key update`,
  );
  if (!program) throw new Refusal("not_found", `there is no program ${programId}`);
  const [minimum] = await queryRows<{ minimum_payout_minor: string }>(
    tx,
    sql`select minimum_payout_minor from program_currencies where program_id = ${programId} and currency = ${currency}`,
  );
  return {
    programName: program.name,
    timeZone: program.time_zone,
    minimumMinor: minimum ? BigInt(minimum.minimum_payout_minor) : null,
  };
}

function toPayout(candidate: Candidate, batch: NewBatch & { batchId: string }, now: Date): NewPayout {
  const { affiliateId, destination, dueMinor } = candidate;
  assertInvariant(
    destination && dueMinor > 0n,
    `${affiliateId} passed every validator without a destination or without anything due`,
  );
  return {
    id: newId("pay", now),
    batchId: batch.batchId,
    affiliateId,
    programId: batch.programId,
    amount: { minor: dueMinor, currency: batch.currency },
    ...destination,
    state: "planned",
    providerStatus: null,
    providerItemId: null,
    providerAt: null,
    attemptId: null,
    retryOf: null,
  };
}

async function insertFindings(
  tx: Tx,
  batchId: string,
  judged: readonly { candidate: Candidate; findings: Finding[] }[],
  now: Date,
): Promise<void> {
  const findings = judged.flatMap(({ candidate, findings }) =>
    findings.map(({ validator, blocks, finding }) => ({
      batch_id: batchId,
      affiliate_id: candidate.affiliateId,
      validator,
      blocks,
      finding,
      amount_minor: candidate.dueMinor,
      held_minor: candidate.heldMinor,
    })),
  );
  for (const chunk of chunksOf(findings, CHUNK)) {
    await tx.execute(
      sql`insert into batch_findings (batch_id, affiliate_id, validator, blocks, finding, amount_minor, held_minor, created_at)
          select r.*, ${now.toISOString()}::timestamptz from ${jsonRows(chunk)} as r(batch_id text, affiliate_id text, validator text,
            blocks boolean, finding text, amount_minor bigint, held_minor bigint)`,
    );
  }
}

async function insertLines(tx: Tx, payouts: readonly NewPayout[], now: Date): Promise<void> {
  for (const chunk of chunksOf(payouts, CHUNK)) {
    const rows = jsonRows(
      chunk.map(({ id, affiliateId, amount }) => ({ id, affiliate_id: affiliateId, currency: amount.currency })),
    );
    await tx.execute(
      sql`insert into payout_lines (payout_id, effect_id, commission_id, amount_minor, currency, active, created_at)
          select p.id, e.id, e.commission_id, e.amount_minor, p.currency, true, ${now.toISOString()}::timestamptz
          from ${rows} as p(id text, affiliate_id text, currency text) join collected_effects e using (affiliate_id)`,
    );
    await markLines(tx, { payoutIds: chunk.map(({ id }) => id), state: "in_batch" }, now);
  }
}

function recordPlan(tx: Tx, { batchId, payouts, leftOut, total }: PlannedBatch, now: Date): Promise<void> {
  const details = {
    payouts: String(payouts),
    leftOut: String(leftOut),
    amount: toDecimal(total),
    currency: total.currency,
  };
  return recordActivity(tx, [{ kind: "batch.planned", subjectId: batchId, batchId, details, eventAt: now }], now);
}
