import type { PayPal } from "@/simulator/paypal/start-paypal";
import type { ProofPostgres } from "./proof-postgres";

/** An attempt of unknown outcome whose days in which the rail recognises a repeat are over, and the requests that the rail had read under its
 *  key by then. */
export type AgedAttempt = { readonly id: string; readonly key: string; readonly requests: number };

/** Thirty-one days pass for one attempt of unknown outcome: a repeat is not safe any more, and only a person can find out. It is one that
 *  nobody is sending and that is not due for a second yet, so that every request the rail reads later was sent when it was too late.
 *  null: there is none just now. */
export async function ageUnknown(postgres: ProofPostgres, paypal: PayPal): Promise<AgedAttempt | null> {
  const [aged] = await postgres.ask<{ id: string; key: string }>(
    `update attempts set first_sent_at = now() - interval '31 days'
     where id = (select a.id from attempts a where a.state = 'unknown' and a.next_check_at > now() + interval '1 second'
         and not exists (select from engine_jobs j where j.lane like '%check-attempts%' || a.org_id || '%' and j.lease_until is not null)
       order by a.first_sent_at, a.id limit 1)
     returning id, key`,
  );
  return aged ? { ...aged, requests: requestsUnder(paypal, aged.key) } : null;
}

/** Whether the product has looked at it since, rightly or wrongly. */
export async function isLookedAt(postgres: ProofPostgres, aged: AgedAttempt): Promise<boolean> {
  const { state, isAwaited } = await standingOf(postgres, aged);
  return state !== "unknown" || !isAwaited;
}

/** What is not as it must be: it stays unknown, nothing but a person is awaited, and the rail hears nothing of it. */
export async function judgeAged(postgres: ProofPostgres, paypal: PayPal, aged: AgedAttempt): Promise<string[]> {
  const { state, isAwaited } = await standingOf(postgres, aged);
  const more = requestsUnder(paypal, aged.key) - aged.requests;
  return [
    ...(more === 0 ? [] : [`${aged.id} was sent ${more} times more when the rail recognised no repeat any longer`]),
    ...(state === "unknown" ? [] : [`${aged.id} must be unknown until a person finds out; it is ${state}`]),
    ...(isAwaited ? [`${aged.id} was not given up to a person: another look at it is planned`] : []),
  ];
}

async function standingOf(postgres: ProofPostgres, { id }: AgedAttempt) {
  const [row] = await postgres.ask<{ state: string; awaited: boolean }>(
    "select state, next_check_at is not null as awaited from attempts where id = $1",
    [id],
  );
  return { state: row?.state ?? "gone", isAwaited: row?.awaited ?? false };
}

function requestsUnder(paypal: PayPal, key: string): number {
  return paypal.books().batches[key]?.requests ?? 0;
}
