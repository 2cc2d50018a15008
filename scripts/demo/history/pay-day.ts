import type { Database, Tx } from "@/server/db";
import { createMailTransport, queuePayoutMails, sendMails } from "@/server/mail";
import {
  approveBatch,
  checkAttempt,
  claimPayouts,
  discardBatch,
  dueAttempts,
  planBatch,
  submitAttempt,
} from "@/server/payouts";
import type { Rail } from "@/server/rails";

const MINUTE_MS = 60_000;
/** Larger than the demo. */
const MANY = 1_000;

/** Everything that pays: our side, and the provider's clock. */
export type Desk = {
  database: Database;
  orgId: string;
  rail: Rail;
  /** Lets the simulated provider live at that moment. */
  setProviderClock(at: Date): void;
  operatorId: string;
  appUrl: string;
};

/** What a pay day does: for each program and currency a batch is planned, approved, sent to the provider and looked up until it has settled,
 *  and the mails about it are written. Batches of earlier pay days are looked at once more. */
export async function holdPayDay(
  desk: Desk,
  runs: readonly { programId: string; currency: string }[],
  at: Date,
): Promise<void> {
  await lookAtOpen(desk, at);
  for (const [index, run] of runs.entries()) await payOut(desk, run, new Date(at.getTime() + index * 30 * MINUTE_MS));
  await tellPayees(desk, new Date(at.getTime() + runs.length * 30 * MINUTE_MS));
}

/** Asks the provider about every attempt that is due. */
export async function lookAtOpen(desk: Desk, at: Date): Promise<void> {
  desk.setProviderClock(at);
  const due = await inOrganization(desk, (tx) => dueAttempts(tx, { rails: [desk.rail], limit: MANY }, at));
  for (const { attemptId } of due) await checkAttempt(context(desk, at), { orgId: desk.orgId, attemptId });
}

async function payOut(desk: Desk, run: { programId: string; currency: string }, at: Date): Promise<void> {
  const { rail, operatorId, orgId } = desk;
  const later = (minutes: number) => new Date(at.getTime() + minutes * MINUTE_MS);
  const railRefuses = (item: Parameters<Rail["refuses"]>[0]) => rail.refuses(item);
  const plan = { ...run, cutOff: at, plannedBy: operatorId, railRefuses };
  const { batchId, payouts } = await inOrganization(desk, (tx) => planBatch(tx, plan, at));
  if (payouts === 0) return inOrganization(desk, (tx) => discardBatch(tx, { batchId }, later(4)));
  await inOrganization(desk, (tx) => approveBatch(tx, { batchId, approvedBy: operatorId }, later(6)));
  desk.setProviderClock(later(7));
  const claim = await inOrganization(desk, (tx) => claimPayouts(tx, { batchId, rail, limit: MANY }, later(7)));
  if (claim === null) return;
  const attempt = { orgId, attemptId: claim.attemptId };
  await submitAttempt(context(desk, later(7)), attempt);
  desk.setProviderClock(later(9));
  await checkAttempt(context(desk, later(9)), attempt);
}

async function tellPayees(desk: Desk, at: Date): Promise<void> {
  const { database, orgId, appUrl } = desk;
  await inOrganization(desk, (tx) => queuePayoutMails(tx, { limit: MANY, after: null, appUrl }, at));
  await sendMails({ ...context(desk, at), database, transport: outbox }, { orgId, limit: MANY });
}

/** The demo writes to nobody. */
export const outbox = createMailTransport({ mode: "demo", smtpUrl: null, mailFrom: "" });

function context({ database, rail }: Desk, at: Date) {
  return { database, rails: [rail], clock: () => at };
}

function inOrganization<T>({ database, orgId }: Desk, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.inOrganization(orgId, work);
}
