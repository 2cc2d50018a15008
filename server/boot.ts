import type { Inngest } from "inngest";
import { serve } from "inngest/edge";
import type { VisitDoor } from "@/server/attribution";
import { closeDatabase, type Database, getDatabase } from "@/server/db";
import { createInbox, createRateLimit, type PostbackDoor } from "@/server/deliveries";
import { createEngine } from "@/server/engine";
import { env } from "@/server/env";
import { createCloudClient, createEmbeddedClient } from "@/server/inngest/client";
import { deliveriesReceived } from "@/server/inngest/events";
import { createNudge } from "@/server/inngest/nudge";
import { allFunctions } from "@/server/inngest/registry";
import { endActivityStreams } from "@/server/insight";
import { log } from "@/server/log";
import { createMailTransport } from "@/server/mail";
import { connectedRails } from "@/server/rails-of-env";

/** Everything one process runs on: opened once, shared by instrumentation, routes and screens. */
export type App = {
  readonly database: Database;
  readonly clock: () => Date;
  readonly inngest: Inngest;
  /** Answers Inngest's calls; anonymous ones get 401. */
  readonly functions: (request: Request) => Promise<Response>;
  readonly postbackDoor: PostbackDoor;
  readonly visitDoor: VisitDoor;
  stop(): Promise<void>;
};

/** How long requests are gathered into one event to the inbox's job: below the second in which a screen must show them. A run costs the
 *  engine about as much as twenty requests, so it comes less often while they keep coming. */
const NUDGE = { quietMs: 150, quietMsMax: 500 };

/** `globalThis`, because Next loads instrumentation and routes as two module graphs of one process. */
const shelf = globalThis as typeof globalThis & { tributaryApp?: Promise<App> };

/** Starts this process's database, functions and engine at the first call; the same ones ever after. A failed start is forgotten, so that
 *  the next call tries again.
 *  Errors: those of the environment, the database and the functions' registration. */
export function boot(): Promise<App> {
  shelf.tributaryApp ??= start().catch((error) => {
    shelf.tributaryApp = undefined;
    throw error;
  });
  return shelf.tributaryApp;
}

async function start(): Promise<App> {
  const settings = env();
  const clock = () => new Date();
  const database = await getDatabase();
  const engine = usesRealInngest() ? undefined : createEngine({ database });
  const { inngest, signingKey } = engine
    ? createEmbeddedClient(engine.fetch)
    : { inngest: createCloudClient(settings.inngest), signingKey: "" };
  const handler = serve({
    client: inngest,
    enableUnauthedSync: false,
    functions: allFunctions({
      inngest,
      database,
      clock,
      rails: connectedRails(settings),
      mail: { transport: createMailTransport(settings), appUrl: settings.appUrl },
    }),
  });
  if (engine) {
    await engine.attach(handler, { signingKey });
    await engine.start();
  }
  log.info({ database: database.kind, engine: engine ? "embedded" : "inngest" }, "started");
  const admit = createRateLimit();
  const { nudge, stop: stopNudging } = createNudge(
    (orgId) => inngest.send(deliveriesReceived.create({ orgId })).then(() => {}),
    NUDGE,
  );
  return {
    database,
    clock,
    inngest,
    // The embedded engine holds the handler itself: nobody outside has a reason to call.
    functions: engine ? async () => new Response(null, { status: 401 }) : handler,
    postbackDoor: { inbox: createInbox(database, clock, nudge), clock, admit },
    visitDoor: { database, clock, admit },
    async stop() {
      stopNudging();
      endActivityStreams(database);
      await engine?.stop();
      await closeDatabase();
      shelf.tributaryApp = undefined;
    },
  };
}

function usesRealInngest(): boolean {
  const { baseUrl, signingKey, isDev } = env().inngest;
  return baseUrl !== null || signingKey !== null || isDev;
}
