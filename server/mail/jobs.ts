import type { JobContext } from "@/server/inngest/client";
import { mailsQueued } from "@/server/inngest/events";
import { log } from "@/server/log";
import { listOrganizationIds } from "@/server/organizations";
import type { MailTransport } from "./mail-transport";
import { planDigests } from "./plan-digests";
import type { PlannedMails } from "./planned-mails";
import { queuePayoutMails } from "./queue-payout-mails";
import { sendMails } from "./send-mails";

/** Mails written in one transaction: a page of 50 renders in less than a second, the longest a PGlite is kept from others. */
const PAGE = 50;
/** Pages in one run: with the steps around them far below the 1,000 steps that a run may have. */
const PAGES_PER_RUN = 400;
/** Mails sent in one run and organization: seconds with a good server, a few minutes with a slow one; the next minute goes on. */
const SENT_PER_RUN = 500;

/** What mail needs beside the job context: where it goes, and the address of the links in it. */
export type MailSettings = { readonly transport: MailTransport; readonly appUrl: string };

/** The background work of mail: writing digests, telling of paid payouts, and sending what waits in the outbox. */
export function mailJobs({
  inngest,
  database,
  clock,
  mail,
}: Pick<JobContext, "inngest" | "database" | "clock"> & { mail: MailSettings }) {
  const { transport, appUrl } = mail;
  const digestPage = (orgId: string, after: string | null) =>
    database.inOrganization(orgId, (tx) => planDigests(tx, { limit: PAGE, after, appUrl }, clock()));
  const payoutPage = (orgId: string, after: string | null) =>
    database.inOrganization(orgId, (tx) => queuePayoutMails(tx, { limit: PAGE, after, appUrl }, clock()));

  const digests = inngest.createFunction(
    { id: "queue-digests", triggers: { cron: "*/5 * * * *" }, concurrency: { limit: 1 }, retries: 2 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      const broken: PlannedMails["broken"] = [];
      let pages = 0;
      for (const orgId of orgIds) {
        let after: string | null = null;
        let queued = 0;
        do {
          const page: PlannedMails = await step.run(`digests-${orgId}-${after ?? "first"}`, () =>
            digestPage(orgId, after),
          );
          broken.push(...page.broken);
          queued += page.queued;
          after = page.next;
          pages += 1;
        } while (after !== null && pages < PAGES_PER_RUN);
        if (queued > 0) await step.sendEvent(`send-${orgId}`, mailsQueued.create({ orgId }));
      }
      await step.run("report-broken", () => reportBroken("digest", broken));
    },
  );

  const deliver = async (orgId: string) => {
    const broken: PlannedMails["broken"] = [];
    let after: string | null = null;
    for (let page = 0; page < PAGES_PER_RUN; page++) {
      const planned: PlannedMails = await payoutPage(orgId, after);
      broken.push(...planned.broken);
      after = planned.next;
      if (after === null) break;
    }
    reportBroken("payout mail", broken);
    return sendMails({ database, clock, transport }, { orgId, limit: SENT_PER_RUN });
  };
  const onQueued = inngest.createFunction(
    {
      id: "send-mails",
      triggers: { event: mailsQueued },
      concurrency: { limit: 1, key: "event.data.orgId" },
      retries: 4,
    },
    async ({ event, step }) => {
      await step.run("send", () => deliver(event.data.orgId));
    },
  );
  const sweep = inngest.createFunction(
    { id: "sweep-mails", triggers: { cron: "* * * * *" }, concurrency: { limit: 1 }, retries: 2 },
    async ({ step }) => {
      const orgIds = await step.run("list-organizations", () => database.asOwner(listOrganizationIds));
      for (const orgId of orgIds) await step.run(`send-${orgId}`, () => deliver(orgId));
    },
  );
  return [digests, onQueued, sweep];
}

/** A mail that would tell something wrong is an error of ours, found again every time until it is mended. */
function reportBroken(what: string, broken: PlannedMails["broken"]): void {
  for (const { subjectId, reason } of broken) log.error({ subjectId, reason }, `a ${what} cannot be written`);
}
