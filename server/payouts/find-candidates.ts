import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { UNDERWAY } from "./rules/states";
import type { Candidate } from "./rules/validators";

export type Scope = { readonly programId: string; readonly currency: string; readonly cutOff: Date };

/** Puts the movements that no payout has into a table of this transaction: amounts and lines of the batch must come from one look,
 *  while commissions go on being written. */
export async function collectEffects(tx: Tx, { programId, currency, cutOff }: Scope): Promise<void> {
  await tx.execute(sql`drop table if exists pg_temp.collected_effects`);
  await tx.execute(
    sql`create temporary table collected_effects (id text, commission_id text, affiliate_id text, amount_minor bigint) on commit drop`,
  );
  await tx.execute(
    sql`insert into collected_effects
        select e.id, e.commission_id, e.affiliate_id, e.payable_delta_minor from commission_effects e
        where e.program_id = ${programId} and e.currency = ${currency} and e.payable_delta_minor <> 0
          and e.event_at < ${cutOff.toISOString()}::timestamptz
          and not exists (select from payout_lines l where l.effect_id = e.id and l.active)`,
  );
  await tx.execute(sql`create index on collected_effects (affiliate_id)`);
  await tx.execute(sql`analyze collected_effects`);
}

/** Every enrolled affiliate of the program with what decides whether it is paid, in id order. Needs `collectEffects` before it. */
export async function findCandidates(tx: Tx, { programId, currency }: Scope): Promise<Candidate[]> {
  // Every affiliate is looked at once. Where tables have just been filled and are not analysed yet, a nested loop looks cheap and takes minutes.
  await tx.execute(sql`select set_config('enable_nestloop', 'off', true)`);
  const rows = await queryRows<CandidateRow>(
    tx,
    sql`with due as (select affiliate_id, sum(amount_minor) as due_minor, count(*)::int as movements from collected_effects group by affiliate_id),
          held as (select affiliate_id, sum(amount_minor) as held_minor, min(hold_until) as held_until from commissions
            where program_id = ${programId} and currency = ${currency} and state = 'held' group by affiliate_id),
          underway as (select affiliate_id, sum(amount_minor) as underway_minor from payouts
            where program_id = ${programId} and currency = ${currency}
              and state in ${UNDERWAY} group by affiliate_id),
          destination as (select distinct on (affiliate_id) affiliate_id, rail, receiver, cools_until from destinations
            where ended_at is null order by affiliate_id, created_at desc, id desc)
        select a.id, a.name, a.email, a.status, d.rail, d.receiver, d.cools_until, coalesce(due.due_minor, 0)::bigint as due_minor,
          coalesce(due.movements, 0) as movements, coalesce(-account.balance_minor, 0) as payable_minor,
          coalesce(held.held_minor, 0)::bigint as held_minor, held.held_until, coalesce(underway.underway_minor, 0)::bigint as underway_minor
        from enrolments n join affiliates a on a.id = n.affiliate_id
        left join due on due.affiliate_id = a.id
        left join held on held.affiliate_id = a.id
        left join underway on underway.affiliate_id = a.id
        left join destination d on d.affiliate_id = a.id
        left join ledger_accounts account on account.owner_id = a.id and account.kind = 'affiliate_payable' and account.currency = ${currency}
        where n.program_id = ${programId} order by a.id`,
  );
  await tx.execute(sql`select set_config('enable_nestloop', 'on', true)`);
  return rows.map(toCandidate);
}

type CandidateRow = {
  id: string;
  name: string;
  email: string;
  status: "active" | "suspended";
  rail: string | null;
  receiver: string | null;
  cools_until: string | null;
  due_minor: string;
  movements: number;
  payable_minor: string;
  held_minor: string;
  held_until: string | null;
  underway_minor: string;
};

function toCandidate(row: CandidateRow): Candidate {
  return {
    affiliateId: row.id,
    name: row.name,
    email: row.email,
    status: row.status,
    destination:
      row.rail === null || row.receiver === null
        ? null
        : {
            rail: row.rail,
            receiver: row.receiver,
            coolsUntil: row.cools_until === null ? null : new Date(row.cools_until),
          },
    dueMinor: BigInt(row.due_minor),
    movements: row.movements,
    payableMinor: BigInt(row.payable_minor),
    heldMinor: BigInt(row.held_minor),
    heldUntil: row.held_until === null ? null : new Date(row.held_until),
    underwayMinor: BigInt(row.underway_minor),
  };
}
