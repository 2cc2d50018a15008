import type { ProofPostgres } from "./proof-postgres";
import { bringSweep } from "./settle-payouts";
import { until } from "./until";

/** A day passes after everything came to rest. What is paid can still come back, so it is looked at every day; but a run sleeps a minute at
 *  most, so only the product's sweep can find that the day is over. Resolves with how many attempts were looked at.
 *  Errors: that nobody looked. */
export async function passDay(postgres: ProofPostgres): Promise<number> {
  await until("the end of every run that watches attempts", () => watchesEnded(postgres));
  const watched = await postgres.ask(
    "update attempts set next_check_at = now() where closed_at is null and next_check_at is not null returning id",
  );
  await bringSweep(postgres);
  await until(`a look at ${watched.length} paid attempts after a day`, async () => {
    const due = await postgres.ask("select 1 from attempts where closed_at is null and next_check_at <= now() limit 1");
    return due.length === 0 ? true : undefined;
  });
  return watched.length;
}

/** The day passes for runs that sleep too: with nothing due soon, they end. */
async function watchesEnded(postgres: ProofPostgres): Promise<true | undefined> {
  await postgres.ask("update engine_steps set wake_at = now() where output is null and wake_at > now()");
  const running = await postgres.ask(
    "select 1 from engine_runs where status = 'running' and function_id like '%check-attempts' limit 1",
  );
  return running.length === 0 ? true : undefined;
}
