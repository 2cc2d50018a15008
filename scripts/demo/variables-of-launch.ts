import type { Launch } from "./launch";

/** What a real installation is told. In the demo each would change what a visitor sees: a database or a rail of someone's own, an Inngest
 *  that nobody runs (then nothing is processed), a mail server that writes to people who do not exist. */
const OF_INSTALLATIONS = [
  "APP_SECRET",
  "APP_URL",
  "DATABASE_DRIVER",
  "DATABASE_URL",
  "INNGEST_BASE_URL",
  "INNGEST_DEV",
  "INNGEST_EVENT_KEY",
  "INNGEST_SIGNING_KEY",
  "MAIL_FROM",
  "PAYPAL_BASE_URL",
  "PAYPAL_CLIENT_ID",
  "PAYPAL_CLIENT_SECRET",
  "SMTP_URL",
];

/** Development may be tried with a real Inngest and PayPal's sandbox; its data too is the demo's, in the folder. */
const NOT_IN_DEVELOPMENT = ["APP_URL", "DATABASE_DRIVER", "DATABASE_URL", "SMTP_URL"];

/** The environment of a launcher and of all that it starts, over what the caller's shell and `.env` say: an empty variable counts as not
 *  set, and a set one wins over `.env`. PORT, LOG_LEVEL and TRIBUTARY_DATA_DIR stay the caller's. */
export function variablesOfLaunch(
  mode: Launch["mode"],
  caller: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const unset = mode === "demo" ? OF_INSTALLATIONS : NOT_IN_DEVELOPMENT;
  return {
    ...Object.fromEntries(unset.map((name) => [name, ""])),
    TRIBUTARY_MODE: mode,
    // An exported one would make Next build and serve half of each kind.
    NODE_ENV: mode === "demo" ? "production" : "development",
    LOG_LEVEL: caller.LOG_LEVEL || "warn",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}
