import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const NEXT = "node_modules/next/dist/bin/next";
/** As `npm start` runs the product: young memory so large that a request's garbage dies in it. */
const NODE_FLAGS = ["--max-semi-space-size=64"];
/** A first start on PGlite unpacks and migrates a database. */
const START_MS_MAX = 60_000;
const LOOK_EVERY_MS = 50;
/** After a polite word. */
const STOP_MS_MAX = 15_000;

/** An app served in a process of its own: the product as `npm start` does it, any other by `next start`. */
export type NextServer = {
  /** Without a trailing slash. */
  readonly url: string;
  /** Rows of a statement, asked inside the process: for a database that only it can open. */
  ask<Row>(statement: string): Promise<Row[]>;
  stop(): Promise<void>;
};

/** Builds a Next app for production. Errors: what `next build` said. */
export async function buildNext(folder: string): Promise<void> {
  const child = spawn(process.execPath, [NEXT, "build", folder], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = collect(child);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`next build ${folder} ended with ${code}:\n${said()}`);
}

/** Serves a built app on a port of the loopback and resolves when `readyPath` answers 200.
 *  Errors: what the server said, when it ends or is not ready in time. */
export async function startNext(options: {
  folder: string;
  port: number;
  readyPath: string;
  variables?: Record<string, string>;
}): Promise<NextServer> {
  const { folder, port, readyPath, variables } = options;
  const url = `http://127.0.0.1:${port}`;
  const preloads = ["scripts/demo/end-with-parent.mjs", "bench/answer-from-inside.mjs"];
  const child = spawn(
    process.execPath,
    [
      ...NODE_FLAGS,
      ...preloads.flatMap((file) => ["--import", pathToFileURL(file).href]),
      ...profiling(folder),
      ...(folder === "." ? ["scripts/start.mjs"] : [NEXT, "start", folder]),
      ...["--port", String(port), "--hostname", "127.0.0.1"],
    ],
    {
      env: { ...process.env, NODE_ENV: "production", ...variables, TRIBUTARY_LAUNCHER: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const said = collect(child);
  const deadline = performance.now() + START_MS_MAX;
  while (!(await answers(url + readyPath))) {
    if (child.exitCode !== null) throw new Error(`next start ${folder} ended with ${child.exitCode}:\n${said()}`);
    if (performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`next start ${folder} was not ready after ${START_MS_MAX} ms:\n${said()}`);
    }
    await wait(LOOK_EVERY_MS);
  }
  return { url, ask: askThrough(child), stop: () => stop(child) };
}

/** `BENCH_PROFILE=folder` keeps a CPU profile of each server: for finding what a figure is made of. */
function profiling(app: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder ? ["--cpu-prof", `--cpu-prof-dir=${join(folder, app.replace(/\W+/g, "-"))}`] : [];
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.status === 200,
    () => false,
  );
}

function collect(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
    });
  }
  return () => said;
}

type Reply = { id: number; rows?: unknown[]; error?: string };

function askThrough(child: ChildProcess): NextServer["ask"] {
  const asked = new Map<number, (reply: Reply) => void>();
  let asks = 0;
  child.on("message", (reply: Reply) => asked.get(reply.id)?.(reply));
  return async <Row>(statement: string) => {
    const id = ++asks;
    const reply = await new Promise<Reply>((resolve) => {
      asked.set(id, resolve);
      child.send({ id, statement });
    });
    asked.delete(id);
    if (reply.error) throw new Error(`the app could not answer ${statement}: ${reply.error}`);
    return (reply.rows ?? []) as Row[];
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await gone;
  clearTimeout(limit);
}
