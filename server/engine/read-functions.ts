import { z } from "zod";
import { Refusal, refusalIn } from "@/server/errors";
import { nextCronTime } from "./crons";
import { type Expression, parseExpression, parsePath } from "./expression";
import type { EngineFunction, EngineFunctions } from "./function";

/** Turns the SDK's function configurations into ours and refuses, all at once, every function that asks for something the
 *  engine does not do: better a start that fails than an option that is silently ignored.
 *  Errors: precondition_failed, naming each function and option. */
export function readFunctions(configs: readonly unknown[], now: Date): EngineFunctions {
  const problems: string[] = [];
  const functions = new Map<string, EngineFunction>();
  for (const config of configs) {
    const { id } = z.looseObject({ id: z.string() }).parse(config);
    const known = functionConfig.safeParse(config);
    if (!known.success) {
      problems.push(...known.error.issues.map((issue) => `${id}: ${describe(issue)}`));
      continue;
    }
    try {
      functions.set(id, readFunction(known.data, now));
    } catch (error) {
      problems.push(`${id}: ${refusalIn(error)?.message ?? String(error)}`);
    }
  }
  if (problems.length > 0) {
    throw new Refusal(
      "precondition_failed",
      `the embedded engine cannot run these functions as they are configured:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
    );
  }
  return functions;
}

const concurrency = z.strictObject({
  limit: z.int().positive(),
  key: z.string().optional(),
  scope: z.literal("fn").optional(),
});

// Strict: an option that is not written here is refused by name.
const functionConfig = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  triggers: z
    .array(
      z.union([
        z.strictObject({ event: z.string().min(1), expression: z.string().optional() }),
        z.strictObject({ cron: z.string().min(1) }),
      ]),
    )
    .min(1, "no trigger: functions that are only invoked are not implemented"),
  steps: z.strictObject({
    step: z.strictObject({
      id: z.string(),
      name: z.string(),
      runtime: z.strictObject({ type: z.literal("http", "connect is not implemented"), url: z.string() }),
      retries: z.strictObject(
        { attempts: z.int().min(0).max(20) },
        "set retries: its default is not the same everywhere",
      ),
    }),
  }),
  concurrency: z
    .union(
      [z.int().positive(), concurrency, z.array(concurrency).length(1)],
      "concurrency must be a positive number or one { limit, key }, within the function",
    )
    .optional(),
});

function readFunction(config: z.infer<typeof functionConfig>, now: Date): EngineFunction {
  const crons = config.triggers.flatMap((trigger) => ("cron" in trigger ? [trigger.cron] : []));
  for (const cron of crons) nextCronTime(cron, now);
  return {
    id: config.id,
    triggers: config.triggers.flatMap((trigger) => ("event" in trigger ? [readTrigger(trigger)] : [])),
    crons,
    maxAttempts: config.steps.step.retries.attempts + 1,
    concurrency: readConcurrency(config.concurrency),
  };
}

function readTrigger(trigger: { event: string; expression?: string | undefined }) {
  const { event, expression } = trigger;
  if (event.startsWith("inngest/") && event !== "inngest/function.failed") {
    throw new Refusal(
      "invalid_input",
      `trigger ${event} is not implemented; of inngest's own events only function.failed is sent`,
    );
  }
  const star = event.indexOf("*");
  if (star !== -1 && star !== event.length - 1) {
    throw new Refusal("invalid_input", `trigger ${event}: a * may only stand at the end`);
  }
  return { event, condition: expression === undefined ? undefined : parseExpression(expression) };
}

function readConcurrency(
  config: z.infer<typeof functionConfig>["concurrency"],
): { limit: number; key: Expression | undefined } | undefined {
  if (config === undefined) return undefined;
  if (typeof config === "number") return { limit: config, key: undefined };
  const [level] = Array.isArray(config) ? config : [config];
  if (level === undefined) return undefined;
  return { limit: level.limit, key: level.key === undefined ? undefined : parsePath(level.key) };
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return `${issue.keys.join(", ")} ${issue.keys.length === 1 ? "is" : "are"} not implemented`;
  }
  // A trigger that fits neither form says only "invalid union"; which key is foreign stands one level deeper.
  if (issue.code === "invalid_union") {
    const foreign = issue.errors.flat().find((inner) => inner.code === "unrecognized_keys");
    if (foreign?.code === "unrecognized_keys")
      return `${[...issue.path, foreign.keys.join(", ")].join(".")} is not implemented`;
  }
  return `${issue.path.join(".")}: ${issue.message}`;
}
