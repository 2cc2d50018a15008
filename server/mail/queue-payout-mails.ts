import { sql } from "drizzle-orm";
import { createElement } from "react";
import { PayoutSent, type PayoutSentProps, payoutSentSubject } from "@/emails/payout-sent";
import { queryRows, type Tx } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { newId } from "@/server/ids";
import { type Money, subtract, toDecimal } from "@/server/money";
import { dayWords } from "@/server/time";
import { toMailAmount } from "./mail-amount";
import { type PlannedMails, writeEach } from "./planned-mails";
import { type NewMail, queueMails } from "./queue-mails";
import { renderMail } from "./render-mail";
import { destinationWords } from "./rules/rail-words";
import { STAGES } from "./rules/told";

/** Commissions listed in one mail; the rest is one line with its sum. */
const LISTED_MAX = 40;

/** A payout planned longer ago is not looked for any more: PayPal gives back what nobody has claimed after thirty days. */
const LOOK_BACK_MS = 90 * 86_400_000;

/** Queues the mail of every paid payout that has none, for at most `limit` payouts from the id after `after`. Found by what is missing,
 *  so no event is needed and none can be lost; ids sort by time, so only the payouts of the last ninety days are looked through.
 *  A payout that comes back later keeps its mail; the digest tells of the return. */
export async function queuePayoutMails(
  tx: Tx,
  input: { limit: number; after: string | null; appUrl: string },
  now: Date,
): Promise<PlannedMails> {
  // An id of that time is larger than all before it.
  const oldest = newId("pay", new Date(now.getTime() - LOOK_BACK_MS));
  const payouts = await readPaid(tx, { limit: input.limit, after: input.after ?? oldest });
  const { mails, broken } = await writeEach(
    payouts,
    (payout) => payout.id,
    (payout) => writePayoutMail(payout, input.appUrl),
  );
  const next = payouts.length < input.limit ? null : (payouts.at(-1)?.id ?? null);
  return { queued: await queueMails(tx, mails, now), broken, next };
}

type PaidPayout = {
  id: string;
  amount_minor: string;
  currency: string;
  rail: string;
  receiver: string;
  settled_at: string;
  affiliate_id: string;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
  organization: string;
  lines: number;
  lines_minor: string;
  listed: { order: string; program: string; minor: string }[];
};

async function readPaid(tx: Tx, input: { limit: number; after: string }): Promise<PaidPayout[]> {
  return queryRows<PaidPayout>(
    tx,
    sql`with paid as (
          select y.* from payouts y where y.state = 'paid' and y.id > ${input.after}
            and not exists (select from mails m where m.org_id = y.org_id and m.cause = 'payout:' || y.id || ':paid')
          order by y.id limit ${input.limit}
        )
        select y.id, y.amount_minor, y.currency, y.rail, y.receiver, coalesce(y.settled_at, y.updated_at) as settled_at, a.id as affiliate_id,
          a.name, a.email, a.locale, a.time_zone, o.name as organization, pays.lines, pays.lines_minor, pays.listed
        from paid y join affiliates a on a.id = y.affiliate_id join organizations o on o.id = y.org_id
        cross join lateral (
          select count(*)::int as lines, coalesce(sum(l.minor), 0)::text as lines_minor,
            coalesce(jsonb_agg(jsonb_build_object('order', l.external_id, 'program', l.program, 'minor', l.minor::text)
              order by l.place) filter (where l.place <= ${LISTED_MAX}), '[]') as listed
          from (
            select c.external_id, g.name as program, sum(n.amount_minor) as minor, row_number() over (order by min(n.effect_id)) as place
            from payout_lines n join commissions m on m.id = n.commission_id join conversions c on c.id = m.conversion_id
            join programs g on g.id = m.program_id
            where n.payout_id = y.id and n.active group by m.id, c.external_id, g.name
          ) l
        ) pays order by y.id`,
  );
}

async function writePayoutMail(payout: PaidPayout, appUrl: string): Promise<NewMail> {
  const props = payoutSentProps(payout, appUrl);
  return {
    cause: `payout:${payout.id}:paid`,
    template: "payout_sent",
    affiliateId: payout.affiliate_id,
    recipient: payout.email,
    subject: payoutSentSubject(props),
    ...(await renderMail(createElement(PayoutSent, props))),
    eventAt: new Date(payout.settled_at),
  };
}

function payoutSentProps(payout: PaidPayout, appUrl: string): PayoutSentProps {
  const inCurrency = (minor: string): Money => ({ minor: BigInt(minor), currency: payout.currency });
  const amount = inCurrency(payout.amount_minor);
  const together = inCurrency(payout.lines_minor);
  assertInvariant(
    together.minor === amount.minor,
    `payout ${payout.id} of ${toDecimal(amount)} pays lines of ${toDecimal(together)} ${payout.currency}`,
  );
  const paidAt = new Date(payout.settled_at);
  const paidOn = dayWords(paidAt, payout.time_zone, paidAt);
  const unlisted = payout.listed.reduce((rest, line) => subtract(rest, inCurrency(line.minor)), amount);
  return {
    organization: payout.organization,
    affiliate: payout.name,
    locale: payout.locale,
    amount: toMailAmount(amount),
    destination: destinationWords(payout.rail, payout.receiver),
    paidOn,
    lines: payout.listed.map(({ order, program, minor }) => ({
      title: `Order ${order} at ${program}`,
      amount: toMailAmount(inCurrency(minor)),
    })),
    rest: payout.lines > LISTED_MAX ? { count: payout.lines - LISTED_MAX, amount: toMailAmount(unlisted) } : null,
    stage: { reached: STAGES, of: STAGES, label: `Paid · ${paidOn}`, isEnded: false },
    reference: payout.id,
    portalUrl: `${appUrl}/portal/payouts?open=${payout.id}`,
  };
}
