import pino from "pino";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/** Never written to a log, wherever in an object of up to three levels they appear. */
const SECRET_KEYS = [
  "appSecret",
  "authorization",
  "clientSecret",
  "cookie",
  "databaseUrl",
  "eventKey",
  "password",
  "receiver",
  "secret",
  "signingKey",
  "smtpUrl",
  "token",
];

/** The process log: JSON lines on standard output. Read from LOG_LEVEL here and not through `env()`, because the log must
 *  stand before the environment is known to be right; `env()` reports a wrong level. */
export const log = pino({
  level: startLevel(process.env.LOG_LEVEL),
  base: null,
  redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[redacted]" },
  serializers: { err: loggableError, error: loggableError },
});

/** How long the same error is only counted. */
const REPEATS_COUNTED_MS = 10_000;

/** An error line for what every request may meet: the same error is written at most once in ten seconds, with how many there were in between
 *  (`unlogged`), so that an outage does not fill the disk. Another error is written at once. */
export function errorLine(words: string, elapsedMs = () => performance.now()): (error: unknown) => void {
  let last = { message: "", atMs: Number.NEGATIVE_INFINITY };
  let unlogged = 0;
  return (error) => {
    const { message } = loggableError(error);
    const atMs = elapsedMs();
    if (message === last.message && atMs - last.atMs < REPEATS_COUNTED_MS) {
      unlogged += 1;
      return;
    }
    log.error({ err: error, unlogged }, words);
    last = { message, atMs };
    unlogged = 0;
  };
}

type LoggableError = { type: string; message: string; stack: string; code?: string; cause?: LoggableError };

/** An error as it may be logged: kind, message, code, stack and causes, but never the parameters of a query nor the row that
 *  the database quotes in its detail (both hold personal data and secrets). */
export function loggableError(error: unknown): LoggableError {
  return describe(error, 0);
}

function describe(error: unknown, depth: number): LoggableError {
  if (!(error instanceof Object)) return { type: typeof error, message: String(error), stack: "" };
  const seen = error as { name?: unknown; message?: unknown; stack?: unknown; code?: unknown; cause?: unknown };
  const message = withoutParameters(String(seen.message ?? ""));
  const frames = String(seen.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "));
  return {
    type: String(seen.name ?? "Error"),
    message,
    stack: frames.join("\n"),
    ...(typeof seen.code === "string" ? { code: seen.code } : {}),
    // Causes may form a ring; five levels say enough.
    ...(seen.cause !== undefined && depth < 5 ? { cause: describe(seen.cause, depth + 1) } : {}),
  };
}

/** Drizzle appends every parameter of a failed query to its message. */
function withoutParameters(message: string): string {
  return message.startsWith("Failed query:") ? (message.split("\nparams:")[0] ?? "") : message;
}

function startLevel(wanted: string | undefined): string {
  if (wanted && LEVELS.includes(wanted)) return wanted;
  return process.env.NODE_ENV === "test" ? "warn" : "info";
}
