import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Death, Trace } from "./boundaries";
import type { ProofPostgres } from "./proof-postgres";
import { startWorker, type WorkerProcess } from "./worker-process";

/** Worker processes at work side by side, each replaced as soon as it dies. */
export type Crew = {
  /** What the processes wrote down so far. */
  traces(): Trace[];
  /** How many deaths have landed. */
  deaths(): number;
  /** Takes the leases of living processes away, as a stalled machine would lose them: their steps run twice at once. Returns how many. */
  takeLeases(): Promise<number>;
  /** Stops all of them; a second time does nothing. Errors: a process that ended by itself, or did not when asked. */
  dismiss(): Promise<void>;
};

export type CrewOptions = {
  postgres: ProofPostgres;
  processes: number;
  /** Handed out in order, one to each process that starts; then processes live on. */
  deaths: readonly Death[];
  env: Readonly<Record<string, string>>;
};

/** Starts a crew. */
export async function startCrew({ postgres, processes, deaths, env }: CrewOptions): Promise<Crew> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-proof-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const traceFile = join(folder, "trace.jsonl");
  const plan = [...deaths];
  let isDismissed = false;
  let landed = 0;

  const traces = (): Trace[] => {
    if (!existsSync(traceFile)) return [];
    const lines = readFileSync(traceFile, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Trace);
  };
  const startOne = (): Promise<WorkerProcess> => {
    const death = plan.shift() ?? null;
    return startWorker({
      databaseUrl: postgres.url,
      env: { ...env, PROOF_TRACE: traceFile, PROOF_DEATH: JSON.stringify(death) },
    });
  };
  const working = await Promise.all(Array.from({ length: processes }, startOne));
  const posts = working.map(async (_, place) => {
    while (!isDismissed) {
      const ended = await working[place]?.ended;
      if (isDismissed) return;
      const last = traces().find((line) => line.kind === "died" && line.pid === working[place]?.pid);
      if (ended !== "SIGKILL" || last?.kind !== "died") throw new Error(`a worker ended by itself: ${ended}`);
      landed += 1;
      await freeLeasesOf(postgres, last.engine);
      working[place] = await startOne();
    }
  });
  const watched = Promise.all(posts);
  watched.catch(() => undefined);
  return {
    traces,
    deaths: () => landed,
    async takeLeases() {
      const taken = await postgres.ask(
        "update engine_jobs set lease_until = now() - interval '1 minute' where lease_until > now() returning id",
      );
      return taken.length;
    },
    async dismiss() {
      if (isDismissed) return;
      isDismissed = true;
      try {
        await Promise.all(working.map((worker) => worker.stop()));
        await watched;
      } finally {
        // One that was only starting then has started now.
        await Promise.all(working.map((worker) => worker.stop())).finally(removeFolder);
      }
    },
  };
}

/** The jobs of a dead process wait until its lease ends, 15 s; here that time has passed at once. */
async function freeLeasesOf(postgres: ProofPostgres, engine: string | null): Promise<void> {
  if (engine === null) return;
  await postgres.ask(
    "update engine_jobs set lease_until = now() - interval '1 minute' where lease_token like $1 || ':%'",
    [engine],
  );
}
