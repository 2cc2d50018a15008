import "./production-by-default";
import { boot } from "@/server/boot";
import { refusalIn } from "@/server/errors";
import { log } from "@/server/log";

// Runs the background functions without a web server: as many processes as you like on one Postgres. PGlite has one process.
try {
  const app = await boot();
  const stop = () => void app.stop().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
} catch (error) {
  const refusal = refusalIn(error);
  if (!refusal) log.error({ err: error }, "could not start");
  process.stderr.write(`\nThe worker could not start.\n${refusal?.message ?? String(error)}\n`);
  process.exit(1);
}
