import { randomBytes } from "node:crypto";
import { Inngest } from "inngest";
import type { Database } from "@/server/db";
import type { Rail } from "@/server/rails";

/** What every job factory is given. */
export type JobContext = {
  readonly inngest: Inngest;
  readonly database: Database;
  /** Read only inside steps: a handler runs again from its top for every step. */
  readonly clock: () => Date;
  /** The connected rails; money can leave only through these. */
  readonly rails: readonly Rail[];
};

/** The client of the real Inngest: a base URL or keys were given. */
export function createCloudClient(settings: {
  baseUrl: string | null;
  eventKey: string | null;
  signingKey: string | null;
  isDev: boolean;
}): Inngest {
  return new Inngest({
    id: "tributary",
    isDev: settings.isDev,
    ...(settings.baseUrl !== null && { baseUrl: settings.baseUrl }),
    ...(settings.eventKey !== null && { eventKey: settings.eventKey }),
    ...(settings.signingKey !== null && { signingKey: settings.signingKey }),
  });
}

/** The client of the embedded engine: its requests never leave the process, and a key known only to this process keeps strangers from
 *  calling the functions. */
export function createEmbeddedClient(engineFetch: typeof fetch): { inngest: Inngest; signingKey: string } {
  const signingKey = `signkey-embedded-${randomBytes(32).toString("hex")}`;
  const inngest = new Inngest({
    id: "tributary",
    isDev: false,
    baseUrl: "http://embedded.local",
    eventKey: "embedded",
    signingKey,
    fetch: engineFetch,
  });
  return { inngest, signingKey };
}
