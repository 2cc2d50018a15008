import { z } from "zod";

/** A word that ends up in a text column: Postgres stores every character but NUL. */
const storedText = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.includes("\u0000"), "may not hold a NUL character");

/** One event as functions see it. `ts` is in milliseconds. */
export const engineEvent = z.looseObject({
  id: storedText,
  name: storedText,
  ts: z.number(),
  data: z.record(z.string(), z.unknown()),
});

export type EngineEvent = z.infer<typeof engineEvent>;
