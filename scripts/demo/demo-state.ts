import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "@/server/errors";

const person = z.object({ name: z.string(), email: z.string(), password: z.string() });

/** A network that the simulator plays: where it reports to, how, and the links that its shoppers come through. */
const liveSource = z.object({
  name: z.string(),
  dialect: z.enum(["generic", "awin"]),
  token: z.string(),
  secret: z.string().nullable(),
  currency: z.string(),
  /** Chooses the parameter names and status words that it used in its past too. */
  habits: z.number(),
  slugs: z.array(z.string()),
});

const state = z.discriminatedUnion("state", [
  z.object({ state: z.literal("seeding") }),
  z.object({
    state: z.literal("ready"),
    operator: person,
    affiliate: person,
    sources: z.array(liveSource),
    /** Of the postback that a visitor may send: the address's token, and a sub-id of the affiliate above. */
    invitation: z.object({ token: z.string(), subId: z.string() }),
  }),
]);

/** What a launcher must know of a seeded folder without opening its database, which the app holds. */
export type DemoState = z.infer<typeof state>;
export type ReadyDemo = Extract<DemoState, { state: "ready" }>;
export type LiveSource = z.infer<typeof liveSource>;

/** What the folder says of itself; null when nothing was ever seeded in it.
 *  Errors: precondition_failed (written by another version). */
export function readDemoState(dataDir: string): DemoState | null {
  const path = pathIn(dataDir);
  if (!existsSync(path)) return null;
  const parsed = state.safeParse(parseJson(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new Refusal("precondition_failed", `${path} is of another version. Begin anew with: npm run demo -- --reset`);
}

/** Replaces it whole: a reader sees the old one or the new one. It holds passwords of made-up people, readable by the owner only. */
export function writeDemoState(dataDir: string, next: DemoState): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${pathIn(dataDir)}.draft`;
  writeFileSync(draft, JSON.stringify(next, null, 2), { mode: 0o600, flush: true });
  renameSync(draft, pathIn(dataDir));
}

function pathIn(dataDir: string): string {
  return join(dataDir, "demo.json");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
