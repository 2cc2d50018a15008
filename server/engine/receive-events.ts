import { createHash } from "node:crypto";
import { z } from "zod";
import { engineEvent } from "./event";

/** Reads what the SDK posts to /e/…: its events, each with an id. A missing id is derived from the seed that the SDK keeps
 *  through its own retries, so that a retried send is the same events.
 *  Errors: z.ZodError (not a list of events; or a name under inngest/, which only the engine may send). */
export function readEvents(body: string, headers: Headers): z.infer<typeof engineEvent>[] {
  const seed = headers.get("x-inngest-event-id-seed");
  const events = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(body));
  return events.map((event, place) => sentEvent.parse({ ...event, id: event.id ?? idFrom(seed, place) }));
}

const sentEvent = engineEvent.refine((event) => !event.name.startsWith("inngest/"), {
  message: "names under inngest/ are the engine's own",
});

function idFrom(seed: string | null, place: number): string {
  const key = createHash("sha256");
  key.update(seed === null ? crypto.randomUUID() : `${seed}:${place}`);
  return `evt_${key.digest("hex").slice(0, 32)}`;
}
