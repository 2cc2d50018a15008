import type { ProofPostgres } from "./proof-postgres";

/** Ends server processes that work for the product. Both resolve when the server takes statements again. */
export type BackendKiller = {
  /** pg_terminate_backend: the session ends, the server lives. */
  end(): Promise<void>;
  /** kill -9: the server ends every session and recovers from its log. */
  kill(): Promise<void>;
};

/** Looks for a backend in the middle of its COMMIT, the moment at which a client cannot know; then takes any that works. */
const LOOKS_FOR_COMMIT = 60;

/** A killer that counts under its classes whom it really hit. */
export function startKilling(postgres: ProofPostgres, hits: Map<string, number>): BackendKiller {
  const count = (name: string) => hits.set(name, (hits.get(name) ?? 0) + 1);
  return {
    async end() {
      const pid = await findVictim(postgres);
      if (pid === undefined) return;
      const [row] = await postgres.ask<{ ended: boolean }>("select pg_terminate_backend($1) as ended", [pid]);
      if (row?.ended) count("backends ended (pg_terminate_backend)");
    },
    async kill() {
      const pid = await findVictim(postgres);
      if (pid === undefined || !killed(pid)) return;
      count("backends killed (kill -9, then crash recovery)");
      // Answers when the recovery is over.
      await postgres.ask("select 1");
    },
  };
}

async function findVictim(postgres: ProofPostgres): Promise<number | undefined> {
  for (let look = 0; look < LOOKS_FOR_COMMIT; look++) {
    const [row] = await postgres.ask<{ pid: number }>(`${WORKING} and query ilike 'commit%' limit 1`);
    if (row) return row.pid;
  }
  const [row] = await postgres.ask<{ pid: number }>(`${WORKING} limit 1`);
  return row?.pid;
}

const WORKING = `select pid from pg_stat_activity
  where backend_type = 'client backend' and application_name = 'tributary' and state = 'active'`;

/** False when it ended by itself meanwhile. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
