import { z } from "zod";
import { STATES } from "./rules/states";
import { TASK_KINDS } from "./tasks";

// What the procedures about tasks take and answer. Strict, so that nothing is sent that is not named.

const taskId = z.string().regex(/^tsk_[0-9a-z]+$/, "an id that begins with tsk_");
const attemptId = z.string().regex(/^att_[0-9a-z]+$/, "an id that begins with att_");

/** Why, in the words of the person who decides: it is kept in the history of each payout. */
const note = z.string().trim().min(3, "say how you know, in a few words").max(500);

export const tasksInput = z
  .object({ cursor: taskId.nullish(), limit: z.int().min(1).max(200).default(50) })
  .transform(({ cursor, ...rest }) => ({ ...rest, afterId: cursor ?? null }));

export const closeInput = z.object({ taskId, note });

export const resolveInput = z.object({
  attemptId,
  found: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("accepted"),
      providerBatchId: z
        .string()
        .trim()
        .regex(/^[!-~]{1,100}$/, "the provider's id of the batch, without spaces"),
    }),
    z.object({ kind: z.literal("not_accepted") }),
  ]),
  note,
});
/** What a person found out about an attempt of unknown outcome. */
export type Found = z.infer<typeof resolveInput>["found"];

const money = z.strictObject({ minor: z.bigint(), currency: z.string() });

const task = z.strictObject({
  id: z.string(),
  kind: z.enum(TASK_KINDS),
  summary: z.string(),
  evidence: z.record(z.string(), z.string().nullable()),
  createdAt: z.date(),
  batchId: z.string().nullable(),
  rail: z.string().nullable(),
  /** The payout it is about; null when it is about a submission. */
  payout: z
    .strictObject({ id: z.string(), state: z.enum(STATES), affiliateName: z.string(), amount: money })
    .nullable(),
  /** The submission it is about; null when it is about one payout. `nextCheckAt`: it is still being looked at. */
  attempt: z
    .strictObject({
      id: z.string(),
      state: z.enum(["submitting", "accepted", "rejected", "unknown"]),
      providerBatchId: z.string().nullable(),
      payouts: z.int(),
      total: money,
      nextCheckAt: z.date().nullable(),
    })
    .nullable(),
  actions: z.array(z.enum(["resolve", "close"])),
});
/** Something only a person can decide. */
export type TaskRow = z.infer<typeof task>;

export const tasksOutput = z.strictObject({ rows: z.array(task), nextCursor: z.string().optional() });
export const resolvedOutput = z.strictObject({ payouts: z.int() });
