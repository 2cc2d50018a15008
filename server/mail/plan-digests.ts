import { createElement } from "react";
import { EarningsDigest, type EarningsDigestProps, earningsDigestSubject } from "@/emails/earnings-digest";
import type { Tx } from "@/server/db";
import { subtract } from "@/server/money";
import { momentWords } from "@/server/time";
import { type DigestPeriod, lockPeriods } from "./digest-periods";
import { type DigestStories, readStories } from "./digest-stories";
import { toMailAmount, toSentence } from "./mail-amount";
import { type PlannedMails, writeEach } from "./planned-mails";
import { type NewMail, queueMails } from "./queue-mails";
import { renderMail } from "./render-mail";
import { checkedBalances } from "./rules/balance-rows";
import { tellCommission } from "./rules/tell-commission";
import { tellCorrection, tellPayout } from "./rules/tell-payout";
import type { Told } from "./rules/told";

/** Queues the digests that are due, for at most `limit` affiliates from the id after `after`: one mail per affiliate and slot, telling
 *  `[end of the last digest, slot)`. Movements are placed by the time we wrote them down: by the time in the world a late report or the
 *  end of a hold would fall into a period that was told already, and never be told. Where nothing moved there is no mail and the period
 *  stays open, so that the next digest begins where the last one ended and no state is kept but the mails themselves. */
export async function planDigests(
  tx: Tx,
  input: { limit: number; after: string | null; appUrl: string },
  now: Date,
): Promise<PlannedMails> {
  const { periods, next } = await lockPeriods(tx, input, now);
  const stories = await readStories(tx, periods);
  const { mails, broken } = await writeEach(
    periods,
    (period) => period.affiliateId,
    (period) => writeDigest(period, stories.get(period.affiliateId), input.appUrl),
  );
  return { queued: await queueMails(tx, mails, now), broken, next };
}

async function writeDigest(period: DigestPeriod, stories: DigestStories | undefined, appUrl: string): Promise<NewMail> {
  if (!stories) throw new Error(`nothing was read for ${period.affiliateId}`);
  const props = digestProps(period, stories, appUrl);
  return {
    cause: `digest:${period.affiliateId}:${period.end.toISOString()}`,
    template: "earnings_digest",
    affiliateId: period.affiliateId,
    recipient: period.email,
    subject: earningsDigestSubject(props),
    ...(await renderMail(createElement(EarningsDigest, props))),
    eventAt: period.end,
  };
}

function digestProps(period: DigestPeriod, stories: DigestStories, appUrl: string): EarningsDigestProps {
  const { start, end, timeZone } = period;
  const told = [
    ...stories.commissions.map((story) => tellCommission(story, end, timeZone)),
    ...stories.payouts.map(tellPayout),
    ...stories.corrections.map(tellCorrection),
  ];
  const until = `${momentWords(end, timeZone, end)} (${timeZone})`;
  return {
    organization: period.organization,
    affiliate: period.name,
    locale: period.locale,
    period:
      start === null ? `since you joined, up to ${until}` : `from ${momentWords(start, timeZone, end)} to ${until}`,
    balances: checkedBalances(period.affiliateId, stories.balances).map(({ kind, opening, closing }) => ({
      name: kind === "held" ? "Held" : "Payable",
      opening: toMailAmount(opening),
      change: toMailAmount(subtract(closing, opening)),
      closing: toMailAmount(closing),
    })),
    movements: told.map(toMovement),
    unlisted: stories.unlisted,
    portalUrl: `${appUrl}/portal/earnings`,
  };
}

function toMovement({ title, happened, next, stage }: Told): EarningsDigestProps["movements"][number] {
  return { title, happened: toSentence(happened), next: toSentence(next), stage };
}
