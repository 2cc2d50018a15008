import { z } from "zod";
import { faultPlanShape } from "./paypal/faults";

const percent = z.coerce.number().min(0).max(100);
const port = z.coerce.number().int().min(0).max(65_535);
const url = z.url({ protocol: /^https?$/ });

/** A PayPal to start. Money as decimal strings, times in milliseconds. */
export const payPalShape = z.strictObject({
  port: port.default(4010),
  books: z.string().min(1).optional(),
  latencyMs: z.coerce.number().int().min(0).max(60_000).default(150),
  settleMs: z.coerce.number().int().min(0).default(2000),
  lateMs: z.coerce.number().int().min(0).optional(),
  unclaimedMs: z.coerce.number().int().min(0).optional(),
  seed: z.coerce.number().int().default(1),
  clientId: z.string().min(1).default("simulator-client"),
  clientSecret: z.string().min(1).default("simulator-secret"),
  requestIds: z.enum(["replay", "ignored"]).default("replay"),
  balances: z.record(z.string(), z.string()).optional(),
  faults: faultPlanShape.optional(),
});

/** A network to run against a postback URL. */
export const networkShape = z.strictObject({
  name: z.string().min(1).optional(),
  url,
  dialect: z.enum(["generic", "awin"]),
  method: z.enum(["GET", "FORM", "JSON", "varied"]).optional(),
  rate: z.coerce.number().positive().max(10_000).default(1),
  count: z.coerce.number().int().min(1).max(1_000_000).optional(),
  duplicates: percent.optional(),
  disorder: percent.optional(),
  strays: percent.optional(),
  seed: z.coerce.number().int().default(1),
  links: z.array(url).optional(),
  subIdParameter: z.string().min(1).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "a currency is three capitals, such as EUR")
    .default("EUR"),
  secret: z.string().min(1).optional(),
  /** Begins every conversion id; absent: new in every run. */
  idPrefix: z.string().min(1).max(60).optional(),
});

/** The file of `all`. */
export const allShape = z.strictObject({
  paypal: payPalShape.optional(),
  networks: z.array(networkShape).default([]),
});

export type PayPalSettings = z.infer<typeof payPalShape>;
export type NetworkSettings = z.infer<typeof networkShape>;

/** Reads settings by a shape.  Errors: a list of what is wrong, ready to print. */
export function readSettings<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new SettingsError(`${what}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** What the caller typed cannot be used; the message says what and why. */
export class SettingsError extends Error {}
