import { inspect } from "node:util";
import { closeDatabase, getDatabase } from "@/server/db";
import { env } from "@/server/env";
import { refusalIn } from "@/server/errors";
import { createPayPal } from "@/server/rails";
import { writeDemoState } from "./demo-state";
import { seedDemo } from "./history/seed-demo-database";
import { openPayPal, paypalKeys } from "./simulated-paypal";

// Fills a new data folder, in a process of its own: the launcher never holds a database.
try {
  const { dataDir, appUrl } = env();
  const paypal = await openPayPal(dataDir, { latencyMs: 0, settleMs: 2_000 });
  const rail = createPayPal({ ...paypalKeys, baseUrl: paypal.url, fetch: fetchOnce });
  const setProviderClock = (at: Date | null) => paypal.setClock(at);
  const database = await getDatabase();
  const state = await seedDemo(database, { now: new Date(), rail, appUrl, setProviderClock });
  await closeDatabase();
  await paypal.close();
  writeDemoState(dataDir, state);
} catch (error) {
  process.stderr.write(`The demo's data could not be made: ${refusalIn(error)?.message ?? inspect(error)}\n`);
  process.exit(1);
}

/** PGlite keeps this thread for seconds; a connection kept open may be closed by its server meanwhile, which only the next use shows. */
function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, headers: { ...init.headers, connection: "close" } });
}
