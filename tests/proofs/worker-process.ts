import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { bundleWorker } from "./bundle-worker";

/** A real worker process (`scripts/worker.ts`): the product's functions, engine and database, without a web server. */
export type WorkerProcess = {
  readonly pid: number;
  /** The signal or exit code with which it ended. */
  readonly ended: Promise<string | number>;
  /** Asks it to stop and waits until it has. Errors: it had to be killed. */
  stop(): Promise<void>;
};

export type WorkerOptions = {
  databaseUrl: string;
  /** More of its environment: rails, failpoints. */
  env?: Readonly<Record<string, string>>;
};

/** The engine itself waits ten seconds for the calls under way. */
const STOP_MS_MAX = 20_000;

/** Starts one; resolves when it has begun to work. It ends with this process, whatever ends this process.
 *  Errors: what it said, when it ends before it began. */
export async function startWorker({ databaseUrl, env }: WorkerOptions): Promise<WorkerProcess> {
  const { worker, failpoints } = await bundleWorker();
  const child = spawn(process.execPath, ["--import", pathToFileURL(failpoints).href, worker], {
    env: { ...inherited(), ...env, DATABASE_URL: databaseUrl } as unknown as NodeJS.ProcessEnv,
    stdio: "pipe",
  });
  const ended = new Promise<string | number>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code ?? 0));
  });
  await begun(child);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      let isStuck = false;
      const patience = setTimeout(() => {
        isStuck = true;
        child.kill("SIGKILL");
      }, STOP_MS_MAX);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(patience);
      if (isStuck) throw new Error(`worker ${child.pid} was asked to stop and had not after ${STOP_MS_MAX} ms`);
    },
  };
}

function inherited(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "SystemRoot"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: "test",
    LOG_LEVEL: "info",
    APP_SECRET: "a secret of the proofs and only theirs",
  };
}

function begun(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`a worker ended with ${signal ?? code} before it began:\n${said}`)),
    );
    const hear = (text: string) => {
      if (process.env.PROOF_WORKER_LOG) process.stderr.write(text);
      said = (said + text).slice(-5_000);
      if (said.includes('"msg":"started"')) resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
  });
}
