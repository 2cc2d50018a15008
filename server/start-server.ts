import { boot } from "@/server/boot";
import { refuseToOpen } from "@/server/db";
import { keepRawTargets } from "@/server/deliveries";
import { refusalIn } from "@/server/errors";
import { openFrontDoor } from "@/server/front-door";
import { log } from "@/server/log";

/** Starts the app inside a web server's process. A start that cannot succeed ends the process with words a person can act on, instead of
 *  a server that answers 500 to everybody. */
export async function startServer(): Promise<void> {
  keepRawTargets();
  try {
    const app = await boot();
    openFrontDoor(app.postbackDoor);
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => void stopAndLeave(app));
    }
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) log.error({ err: error }, "could not start");
    process.stderr.write(`\nTributary could not start.\n${refusal?.message ?? String(error)}\n`);
    process.exit(1);
  }
}

/** How long the web server may take to finish its answers after everything else has stopped. */
const LAST_ANSWERS_MS = 1_000;

/** A browser keeps idle connections open for a minute; a stop must not wait for it. */
async function stopAndLeave(app: { stop(): Promise<void> }): Promise<void> {
  // Whatever comes in meanwhile is asked to try again: it must not start this process anew.
  refuseToOpen();
  await app.stop().catch((error) => log.error({ err: error }, "stopped uncleanly"));
  setTimeout(() => process.exit(0), LAST_ANSWERS_MS).unref();
}
