import { appendFileSync } from "node:fs";
import { getAsyncCtx } from "inngest/experimental";
import pg from "pg";
import { watchParent } from "@/simulator/watch-parent";
import type { Boundary, Death, Trace } from "./boundaries";

// Loaded before the product into every worker process of a proof (`node --import`), and never part of the product: it looks at what
// the process sends to its database and to the rail, and kills the process at a moment that the proof has chosen.

const death = JSON.parse(process.env.PROOF_DEATH ?? "null") as Death | null;
const traceFile = process.env.PROOF_TRACE;
const patienceMs = Number(process.env.PROOF_PATIENCE_MS ?? "0");

/** What a transaction is, by a statement that only it contains. */
const DEEDS = [
  ["claim", /insert into attempts /],
  ["bytes taken", /update attempts set sends = sends \+ 1/],
  ["result", /update attempts set (?:state = 'accepted'|state = 'unknown'|state = 'rejected'|answer =)/],
  ["settlement", /update attempts set checks = checks \+ 1/],
  ["checkpoint", /insert into engine_steps as step/],
] as const;

type Deed = (typeof DEEDS)[number][0];
/** What a transaction has done so far, and the values of the steps it wrote down: the id of their run is one of them. */
type Doings = { readonly deeds: Set<Deed>; readonly stepValues: Set<unknown> };
type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Runs whose request was answered and whose step is not written down yet. */
const answered = new Set<string>();
let engine: string | null = null;
let met = 0;

watchParent(() => process.kill(process.pid, "SIGKILL"));
watchStatements();
watchRequests();
if (patienceMs > 0) shortenPatience();

function watchStatements(): void {
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const { query } = prototype;
  const doingsOf = new WeakMap<pg.Client, Doings>();
  prototype.query = function (...parameters) {
    const text = textOf(parameters[0]);
    if (/^begin/i.test(text)) doingsOf.delete(this);
    const doings = doingsOf.get(this) ?? { deeds: new Set(), stepValues: new Set() };
    doingsOf.set(this, doings);
    noteStatement(doings, text, parameters[1]);
    if (!/^commit/i.test(text)) return query.apply(this, parameters);
    for (const deed of doings.deeds)
      if (deed === "claim" || deed === "result" || deed === "settlement") meet(`${deed}, before its commit`);
    return Promise.resolve(query.apply(this, parameters)).then((result) => {
      for (const deed of doings.deeds) committed(deed, doings);
      return result;
    });
  };
}

function noteStatement({ deeds, stepValues }: Doings, text: string, values: unknown): void {
  for (const [deed, pattern] of DEEDS) {
    if (!pattern.test(text)) continue;
    deeds.add(deed);
    if (deed === "checkpoint" && Array.isArray(values)) for (const value of values) stepValues.add(value);
  }
  if (/lease_token/.test(text)) rememberEngine(values);
}

function committed(deed: Deed, { stepValues }: Doings): void {
  if (deed === "bytes taken") {
    meet("bytes taken, after the commit");
  } else if (deed !== "checkpoint") {
    meet(`${deed}, after its commit`);
  } else {
    for (const runId of answered) {
      if (!stepValues.has(runId)) continue;
      answered.delete(runId);
      meet("checkpoint after a request, after its commit");
    }
  }
}

function watchRequests(): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    const isSubmission = init?.method === "POST" && path === "/v1/payments/payouts";
    const isLookUp = path.startsWith("/v1/payments/payouts/");
    if (isSubmission) {
      meet("request, before it is sent");
      trace({ kind: "sent", pid: process.pid });
    }
    const answer = await send(input, init);
    if (isSubmission) {
      meet("request, after its answer");
      await rememberRun();
    }
    if (isLookUp) meet("look-up, after its answer");
    return answer;
  };
}

/** The run that asked: the SDK keeps it with everything that its function awaits. */
async function rememberRun(): Promise<void> {
  const runId = (await getAsyncCtx())?.execution?.ctx.runId;
  if (runId === undefined) throw new Error("a submission was sent outside any run");
  answered.add(runId);
}

/** The rail waits half a minute for an answer that never comes; a proof of hundreds of them cannot. */
function shortenPatience(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.min(ms, patienceMs));
}

function meet(boundary: Boundary): void {
  if (death?.boundary !== boundary || ++met < death.nth) return;
  trace({ kind: "died", pid: process.pid, boundary, engine });
  process.kill(process.pid, "SIGKILL");
}

function trace(line: Trace): void {
  if (traceFile) appendFileSync(traceFile, `${JSON.stringify(line)}\n`);
}

/** The engine's lease tokens are "name:number". */
function rememberEngine(parameters: unknown): void {
  if (!Array.isArray(parameters)) return;
  for (const value of parameters) engine = /^([0-9a-f-]{36}):\d+$/.exec(String(value))?.[1] ?? engine;
}

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  const { text } = statement as { text?: unknown };
  return typeof text === "string" ? text : "";
}
