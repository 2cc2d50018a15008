import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { digestSlot } from "./rules/digest-slot";

/** What one digest tells about: `[start, end)` of one affiliate. */
export type DigestPeriod = {
  affiliateId: string;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
  organization: string;
  /** The end of the last digest; null for the first one, which tells everything since enrolment. */
  start: Date | null;
  end: Date;
};

/** The next affiliates, by id, in whose period something moved, each locked against a second planner until the transaction ends.
 *  Periods are read again under the lock: a planner that waited sees what the other one wrote. */
export async function lockPeriods(
  tx: Tx,
  input: { limit: number; after: string | null },
  now: Date,
): Promise<{ periods: DigestPeriod[]; next: string | null }> {
  const zones = await queryRows<{ time_zone: string }>(tx, sql`select distinct time_zone from affiliates`);
  if (zones.length === 0) return { periods: [], next: null };
  const slots = jsonRows(zones.map(({ time_zone }) => ({ time_zone, slot: digestSlot(now, time_zone) })));
  const locked = await queryRows<{ id: string }>(
    tx,
    sql`select a.id from affiliates a join ${slots} as z(time_zone text, slot timestamptz) using (time_zone)
        cross join lateral (select coalesce(max(event_at), '-infinity') as start from mails m
          where m.affiliate_id = a.id and m.template = 'earnings_digest') last
        where a.id > ${input.after ?? ""} and last.start < z.slot and ${hasMoved}
        order by a.id limit ${input.limit} for no key update of a skip locked`,
  );
  const ids = jsonRows(locked);
  const rows = await queryRows<PeriodRow>(
    tx,
    sql`select a.id, a.name, a.email, a.locale, a.time_zone, o.name as organization, nullif(last.start, '-infinity') as start, z.slot
        from affiliates a join ${ids} as w(id text) using (id) join organizations o on o.id = a.org_id
        join ${slots} as z(time_zone text, slot timestamptz) using (time_zone)
        cross join lateral (select coalesce(max(event_at), '-infinity') as start from mails m
          where m.affiliate_id = a.id and m.template = 'earnings_digest') last
        where last.start < z.slot and ${hasMoved} order by a.id`,
  );
  return { periods: rows.map(toPeriod), next: locked.length < input.limit ? null : (locked.at(-1)?.id ?? null) };
}

/** An effect without money (an approval) has no ledger entry, a payout has no effect: either one is something to tell. Most affiliates are quiet,
 *  which their newest entry shows. It was written last, but a transaction that began a little earlier may have waited for its turn: of entries as
 *  far apart as a transaction can last, all are read. */
const hasMoved = sql`(exists (select from commission_effects e where e.affiliate_id = a.id and e.created_at >= last.start and e.created_at < z.slot)
  or exists (select from ledger_accounts l
    cross join lateral (select created_at from ledger_entries where account_id = l.id order by account_version desc limit 1) newest
    where l.owner_id = a.id and l.kind in ('affiliate_held', 'affiliate_payable') and newest.created_at >= last.start - interval '10 minutes'
      and exists (select from ledger_entries n where n.account_id = l.id and n.created_at >= last.start and n.created_at < z.slot)))`;

type PeriodRow = {
  id: string;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
  organization: string;
  start: string | null;
  slot: string;
};

function toPeriod(row: PeriodRow): DigestPeriod {
  return {
    affiliateId: row.id,
    name: row.name,
    email: row.email,
    locale: row.locale,
    timeZone: row.time_zone,
    organization: row.organization,
    start: row.start === null ? null : new Date(row.start),
    end: new Date(row.slot),
  };
}
