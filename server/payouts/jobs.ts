import type { JobContext } from "@/server/inngest/client";
import { attemptsOpen, batchApproved, mailsQueued } from "@/server/inngest/events";
import { listOrganizationIds } from "@/server/organizations";
import { checkDueAttempts } from "./check-due-attempts";
import { claimPayouts } from "./claim-payouts";
import { dueAttempts, stalledBatches } from "./due-attempts";
import { submitAttempt } from "./submit-attempt";

/** Payouts in one submission: PayPal takes 15,000, but an unknown outcome is an unknown for all of them. */
const CHUNK = 500;
/** Submissions in one run: three steps each stay below the 1,000 that a run may have. */
const CHUNKS_PER_RUN = 300;
/** A rail that stops answering is not asked for more of a batch, in a run and over all runs: every answer lost is work for a look-up. */
const UNKNOWNS_MAX = 3;
/** The longest that a run sleeps until a refused submission may be repeated; what is due later is found by the sweep. */
const WAIT_MS_MAX = 60_000;
/** The longest that a run sleeps between two rounds of looks, and all of its life but the round under way: the sweep comes every minute and
 *  starts the next one, so that runs neither pile up nor live for ever. */
const NAP_MS_MAX = 20_000;
const WATCH_MS_MAX = 60_000;
/** Rounds of looks in one run; time ends it long before. */
const ROUNDS = 60;
/** A batch nobody has touched for this long has lost its run. */
const QUIET_MS = 120_000;

/** The background work of payouts: sending approved batches, asking what became of them, and the sweep that restarts what was lost. */
export function payoutJobs(context: JobContext) {
  return [submitBatchJob(context), checkAttemptsJob(context), sweepJob(context)];
}

function submitBatchJob(context: JobContext) {
  return context.inngest.createFunction(
    {
      id: "submit-batch",
      triggers: { event: batchApproved },
      concurrency: { limit: 1, key: "event.data.batchId" },
      retries: 10,
    },
    async ({ event, step }) => {
      const { orgId, batchId } = event.data;
      let unknowns = 0;
      for (let n = 0; n < CHUNKS_PER_RUN; n++) {
        const attemptId = await step.run(`claim-${n}`, () => claimNext(context, orgId, batchId));
        if (attemptId === null) {
          if (n > 1) await step.sendEvent("watch-last", attemptsOpen.create({ orgId }));
          return;
        }
        const { kind, waitMs } = await step.run(`submit-${n}`, () => submitAttempt(context, { orgId, attemptId }));
        if (n === 0) await step.sendEvent("watch", attemptsOpen.create({ orgId }));
        if (kind === "unknown" && ++unknowns >= UNKNOWNS_MAX) return;
        if (kind === "waiting") {
          if (waitMs > WAIT_MS_MAX) return;
          await step.sleep(`wait-${n}`, waitMs);
        }
      }
      await step.sendEvent("go-on", batchApproved.create({ orgId, batchId }));
    },
  );
}

function checkAttemptsJob(context: JobContext) {
  return context.inngest.createFunction(
    {
      id: "check-attempts",
      triggers: { event: attemptsOpen },
      concurrency: { limit: 1, key: "event.data.orgId" },
      retries: 10,
    },
    async ({ event, step }) => {
      const { orgId } = event.data;
      let beganMs: number | null = null;
      for (let round = 0; round < ROUNDS; round++) {
        const seen = await step.run(`look-${round}`, () => checkDueAttempts(context, { orgId }));
        beganMs ??= seen.beganMs;
        // Mail finds what has been paid by itself, within a minute; this makes it look now.
        if (seen.looks > 0) await step.sendEvent(`tell-${round}`, mailsQueued.create({ orgId }));
        if (seen.nextMs === null) return;
        const nextMs = Math.max(seen.nextMs, seen.endedMs);
        const napMs = nextMs - seen.endedMs;
        if (napMs > NAP_MS_MAX || nextMs - beganMs > WATCH_MS_MAX) return;
        if (napMs > 0) await step.sleep(`nap-${round}`, Math.max(1000, napMs));
      }
    },
  );
}

function sweepJob(context: JobContext) {
  const { inngest, database } = context;
  return inngest.createFunction(
    { id: "sweep-payouts", triggers: { cron: "* * * * *" }, retries: 2 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      const lost = await step.run("find-lost", () => findLost(context, orgIds));
      const events = [
        ...lost.watching.map((orgId) => attemptsOpen.create({ orgId })),
        ...lost.batches.map((batch) => batchApproved.create(batch)),
      ];
      if (events.length > 0) await step.sendEvent("restart", events);
    },
  );
}

async function claimNext(
  { database, rails, clock }: JobContext,
  orgId: string,
  batchId: string,
): Promise<string | null> {
  for (const rail of rails) {
    const claim = await database.inOrganization(orgId, (tx) =>
      claimPayouts(tx, { batchId, rail, limit: CHUNK }, clock()),
    );
    if (claim) return claim.attemptId;
  }
  return null;
}

async function findLost({ database, rails, clock }: JobContext, orgIds: readonly string[]) {
  const lost = { watching: [] as string[], batches: [] as { orgId: string; batchId: string }[] };
  for (const orgId of orgIds) {
    const now = clock();
    const quietSince = new Date(now.getTime() - QUIET_MS);
    const [due, batchIds] = await database.inOrganization(orgId, async (tx) => [
      await dueAttempts(tx, { rails, limit: 1 }, now),
      await stalledBatches(tx, { quietSince, unknownsMax: UNKNOWNS_MAX }, now),
    ]);
    if (due.length > 0) lost.watching.push(orgId);
    lost.batches.push(...batchIds.map((batchId) => ({ orgId, batchId })));
  }
  return lost;
}
