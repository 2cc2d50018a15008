import { z } from "zod";
import { request, type Served } from "./attach";
import type { ClaimedJob } from "./claim-jobs";

/** What one operation of a function asks for or reports. `name` is a sleep's length or end. */
export type Op = {
  id: string;
  op: string;
  name?: string | undefined;
  displayName?: string | undefined;
  data?: unknown;
  error?: unknown;
  opts?: Record<string, unknown> | null | undefined;
};

/** How a call ended. `retry` carries the wait that the code itself asked for, if any. */
export type Outcome =
  | { kind: "completed"; output: unknown }
  | { kind: "failed"; error: unknown }
  | { kind: "retry"; error: unknown; notBefore: Date | undefined }
  | { kind: "ops"; ops: Op[] };

const reportedOps = z.array(
  z.looseObject({
    id: z.string().min(1).max(500),
    op: z.string(),
    name: z.string().optional(),
    displayName: z.string().optional(),
    opts: z.record(z.string(), z.unknown()).nullish(),
  }),
);

/** Calls the function once for this job: the named step, or whatever comes next. Never throws: whatever goes wrong on the
 *  way is an outcome to retry. */
export async function callFunction(served: Served, job: ClaimedJob, now: Date): Promise<Outcome> {
  try {
    const query = new URLSearchParams({ fnId: job.functionId, stepId: job.stepId ?? "step" });
    const headers = { "x-run-id": job.runId, "x-inngest-req-version": "-1", "x-request-id": job.id };
    return await readResponse(await request(served, "POST", `?${query}`, callBody(job), headers), now);
  } catch (error) {
    return { kind: "retry", error: describeError(error), notBefore: undefined };
  }
}

/** An error in the form in which the SDK sends and expects one. */
function describeError(error: unknown): { name: string; message: string; stack?: string | undefined } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { name: error.name, message: error.message, stack: error.stack };
}

// fn_id and qi_id are left out on purpose: with both, the SDK would checkpoint over HTTP instead of answering.
function callBody(job: ClaimedJob): unknown {
  const settled = job.steps.map((step) => step.stepId);
  return {
    version: -1,
    event: job.event,
    events: [job.event],
    steps: Object.fromEntries(job.steps.map((step) => [step.stepId, step.output])),
    use_api: false,
    ctx: {
      run_id: job.runId,
      attempt: job.attempt,
      max_attempts: job.maxAttempts,
      disable_immediate_execution: false,
      use_api: false,
      stack: { stack: settled, current: settled.length },
    },
  };
}

async function readResponse(response: Response, now: Date): Promise<Outcome> {
  const text = await response.text();
  const body: unknown = text === "" ? null : JSON.parse(text);
  const notBefore = retryTime(response.headers.get("retry-after"), now);
  if (response.status === 200) return { kind: "completed", output: body };
  if (response.status === 206) {
    const ops: Op[] = reportedOps.parse(body);
    const failed = ops.find((op) => op.op === "StepError");
    return failed === undefined ? { kind: "ops", ops } : { kind: "retry", error: failed.error, notBefore };
  }
  if (response.headers.get("x-inngest-no-retry") === "true") return { kind: "failed", error: body };
  return {
    kind: "retry",
    error: body ?? { name: "Error", message: `the handler answered ${response.status}` },
    notBefore,
  };
}

function retryTime(header: string | null, now: Date): Date | undefined {
  if (header === null) return undefined;
  const time = /^\d+$/.test(header) ? now.getTime() + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(time) ? undefined : new Date(time);
}
