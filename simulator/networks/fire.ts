import { setTimeout as pause } from "node:timers/promises";
import { pick } from "@/simulator/draw";
import type { Dialect, OutgoingRequest } from "./dialect";
import { followLink } from "./follow-link";
import { type NetworkReport, planReports } from "./plan-reports";

export type FireOptions = {
  readonly dialect: Dialect;
  /** Requests per second. */
  readonly rate: number;
  /** Conversions; absent: until stopped. */
  readonly count?: number;
  readonly seed: number;
  readonly currency: string;
  /** Makes the conversion ids of this run its own. */
  readonly idPrefix: string;
  readonly duplicates?: number;
  readonly disorder?: number;
  readonly strays?: number;
  /** Tracking links to click for each conversion; without any, sub-ids are made up. */
  readonly links?: readonly string[];
  readonly subIdParameter?: string;
  readonly signal?: AbortSignal;
  readonly onAnswer?: (report: NetworkReport, result: string) => void;
};

/** What came of a run. `results` counts the answers by their word (or HTTP status where they have none). */
export type FireSummary = {
  sent: number;
  repeats: number;
  retries: number;
  clicks: number;
  clicksFailed: number;
  results: Record<string, number>;
  /** The first thing that went wrong, in words. */
  firstError: string | null;
};

const inFlightMax = 64;
const attemptsMax = 12;
const blockOfEndlessRun = 100;

/** Fires seeded reports at a steady rate and waits for the last answer. A report is repeated on 429, 503 and a lost
 *  connection, after the pause the receiver asked for, at most 12 times: a network that retries. */
export async function fire(options: FireOptions): Promise<FireSummary> {
  const run = startRun(options);
  const isEndless = options.count === undefined;
  for (let block = 0; !options.signal?.aborted && (isEndless || block === 0); block++) await fireBlock(run, block);
  await Promise.all(run.inFlight);
  return run.summary;
}

type Run = {
  readonly options: FireOptions;
  readonly summary: FireSummary;
  readonly inFlight: Set<Promise<void>>;
  readonly clickRefs: Map<string, Promise<string>>;
  /** When the next request may leave. */
  dueMs: number;
};

function startRun(options: FireOptions): Run {
  return {
    options,
    summary: { sent: 0, repeats: 0, retries: 0, clicks: 0, clicksFailed: 0, results: {}, firstError: null },
    inFlight: new Set(),
    clickRefs: new Map(),
    dueMs: Date.now(),
  };
}

async function fireBlock(run: Run, block: number): Promise<void> {
  const { options } = run;
  const intervalMs = 1000 / options.rate;
  const plan = planReports({
    ...options,
    seed: options.seed + block,
    count: options.count ?? blockOfEndlessRun,
    idPrefix: options.count === undefined ? `${options.idPrefix}-${block}` : options.idPrefix,
    startsAt: new Date(run.dueMs),
    intervalMs,
  });
  run.clickRefs.clear();
  for (const report of plan) {
    // A dialect that says nothing of this change costs no time.
    if (!options.dialect.encode(report, "", new Date())) continue;
    await wait(run.dueMs - Date.now(), options.signal);
    while (run.inFlight.size >= inFlightMax) await Promise.race(run.inFlight);
    if (options.signal?.aborted) return;
    run.dueMs = Math.max(run.dueMs + intervalMs, Date.now() - 1000);
    const delivery: Promise<void> = deliver(run, report).finally(() => run.inFlight.delete(delivery));
    run.inFlight.add(delivery);
  }
}

async function deliver(run: Run, report: NetworkReport): Promise<void> {
  const { dialect, onAnswer } = run.options;
  const clickRef = await clickRefOf(run, report);
  run.summary.sent += 1;
  if (report.isRepeat) run.summary.repeats += 1;
  let result = "given up";
  for (let attempt = 1; attempt <= attemptsMax && !run.options.signal?.aborted; attempt++) {
    const request = dialect.encode(report, clickRef, new Date());
    if (!request) return;
    const answer = await send(run, request);
    if (answer.kind === "answered") {
      result = answer.result;
      break;
    }
    run.summary.retries += 1;
    await wait(answer.retryAfterMs ?? Math.min(10_000, 250 * 2 ** attempt), run.options.signal);
  }
  run.summary.results[result] = (run.summary.results[result] ?? 0) + 1;
  onAnswer?.(report, result);
}

type Answer = { kind: "answered"; result: string } | { kind: "again"; retryAfterMs?: number };

async function send(run: Run, request: OutgoingRequest): Promise<Answer> {
  try {
    const response = await fetch(request.url, { ...request, redirect: "manual", signal: run.options.signal });
    const text = await response.text();
    if (response.status === 429 || response.status === 503) {
      const seconds = Number(response.headers.get("retry-after") ?? "1");
      return {
        kind: "again",
        retryAfterMs: Number.isFinite(seconds) ? Math.min(60, Math.max(0, seconds)) * 1000 : 1000,
      };
    }
    if (!response.ok) note(run, `${request.method} ${request.url} answered ${response.status}: ${text.slice(0, 200)}`);
    return { kind: "answered", result: resultOf(response.status, text) };
  } catch (error) {
    if (!run.options.signal?.aborted) note(run, `${request.method} ${request.url}: ${reasonOf(error)}`);
    return { kind: "again" };
  }
}

function clickRefOf(run: Run, report: NetworkReport): Promise<string> {
  const known = run.clickRefs.get(report.externalId);
  if (known) return known;
  const clickRef = makeClick(run, report);
  run.clickRefs.set(report.externalId, clickRef);
  return clickRef;
}

async function makeClick(run: Run, report: NetworkReport): Promise<string> {
  const { links = [], seed, subIdParameter, dialect, signal } = run.options;
  const madeUp = `sim-${report.externalId}`;
  if (links.length === 0 || report.isStray) return madeUp;
  const link = pick(links, seed, "link", report.externalId);
  for (let attempt = 1; attempt <= 4 && !signal?.aborted; attempt++) {
    try {
      const clickRef = await followLink(link, subIdParameter ? [subIdParameter] : dialect.subIdParameters, signal);
      run.summary.clicks += 1;
      return clickRef;
    } catch (error) {
      note(run, reasonOf(error));
      await wait(250 * 2 ** attempt, signal);
    }
  }
  run.summary.clicksFailed += 1;
  return madeUp;
}

function resultOf(status: number, text: string): string {
  try {
    const { result } = JSON.parse(text) as { result?: unknown };
    if (typeof result === "string") return result;
  } catch {
    // Not every receiver answers JSON; the status says enough.
  }
  return String(status);
}

function note(run: Run, message: string): void {
  run.summary.firstError ??= message;
}

/** `fetch failed` hides what failed in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return [error.message, cause?.code ?? cause?.message].filter(Boolean).join(": ");
}

/** Ends early, without an error, when the run is stopped. */
async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted) return;
  await pause(ms, undefined, { signal }).catch(() => {});
}
