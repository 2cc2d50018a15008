import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "./errors";

/** The environment, read once and checked. Everything optional is null when it is not set. */
export type Env = {
  mode: "demo" | "development" | "production" | "test";
  /** null: PGlite in `dataDir`. */
  databaseUrl: string | null;
  /** null: chosen by the host of `databaseUrl`. */
  databaseDriver: "pg" | "neon" | null;
  /** At least 32 characters; signs sessions and links. */
  appSecret: string;
  /** Where people reach this installation, without a trailing slash. */
  appUrl: string;
  port: number;
  /** Folder of everything that is not in Postgres: PGlite, its lock, the generated secret. */
  dataDir: string;
  /** With a base URL or keys the real Inngest runs the functions; else the embedded engine. */
  inngest: { baseUrl: string | null; eventKey: string | null; signingKey: string | null; isDev: boolean };
  paypal: { baseUrl: string; credentials: { clientId: string; clientSecret: string } | null };
  smtpUrl: string | null;
  mailFrom: string;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
};

/** What stops a start: every wrong or missing variable at once, one line each. */
export class EnvironmentProblem extends Refusal {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("invalid_input", `The environment is not right:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
    this.problems = problems;
  }
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => protocols.includes(protocolOf(text)), `a URL that begins with ${protocols.join(" or ")}`)
    .optional();

const variables = z.object({
  TRIBUTARY_MODE: z
    .enum(["demo", "development", "production", "test"], "one of demo, development, production, test")
    .optional(),
  NODE_ENV: z.string().optional(),
  DATABASE_URL: url("postgres:", "postgresql:"),
  DATABASE_DRIVER: z.enum(["pg", "neon"], "one of pg, neon").optional(),
  APP_SECRET: z.string().min(32, "at least 32 characters (try: openssl rand -hex 32)").optional(),
  APP_URL: url("http:", "https:"),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "a port number from 0 to 65535")
    .optional(),
  TRIBUTARY_DATA_DIR: z.string().optional(),
  INNGEST_BASE_URL: url("http:", "https:"),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_DEV: z.string().optional(),
  PAYPAL_BASE_URL: url("http:", "https:"),
  PAYPAL_CLIENT_ID: z.string().optional(),
  PAYPAL_CLIENT_SECRET: z.string().optional(),
  SMTP_URL: url("smtp:", "smtps:"),
  MAIL_FROM: z.string().includes("@", "an address, as in Tributary <payouts@example.com>").optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`).optional(),
});

type Variables = z.infer<typeof variables>;
type Source = Readonly<Record<string, string | undefined>>;

let current: Env | undefined;

/** The environment of this process: `.env` where there is one (what is set already wins), parsed at the first call.
 *  Errors: EnvironmentProblem. */
export function env(): Env {
  if (!current) {
    if (process.env.NODE_ENV !== "test" && existsSync(".env")) process.loadEnvFile(".env");
    current = readEnvironment(process.env);
  }
  return current;
}

/** Reads an environment. An empty variable counts as not set. Outside production a missing APP_SECRET is generated when it is first
 *  asked for, and kept in `<data dir>/secret`, readable by its owner only: a command that only looks leaves no folder behind.
 *  Errors: EnvironmentProblem with all problems; it shows no value, as any of them may be a secret. */
export function readEnvironment(source: Source): Env {
  const set = Object.fromEntries(
    Object.keys(variables.shape).map((name) => [name, source[name]?.trim() ? source[name]?.trim() : undefined]),
  );
  const parsed = variables.safeParse(set);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map((issue) => problem(String(issue.path[0]), set[String(issue.path[0])], issue.message));
  const read = parsed.success ? parsed.data : (set as Variables);
  const problems = [...wrong, ...contradictions(read)];
  if (problems.length > 0) throw new EnvironmentProblem(problems);
  return toEnv(read);
}

/** Rules that span variables. */
function contradictions(read: Variables): string[] {
  const mode = modeOf(read);
  const problems: string[] = [];
  if (mode === "production") {
    if (!read.APP_SECRET)
      problems.push(problem("APP_SECRET", undefined, "required in production, 32 characters or more"));
    if (!read.DATABASE_URL) problems.push(problem("DATABASE_URL", undefined, "required in production: postgres://…"));
  }
  if (mode === "demo" && read.DATABASE_URL) {
    problems.push(problem("DATABASE_URL", read.DATABASE_URL, "not allowed in demo, which has one-click sign-in"));
  }
  if (read.DATABASE_DRIVER && !read.DATABASE_URL) {
    problems.push(problem("DATABASE_DRIVER", read.DATABASE_DRIVER, "only together with DATABASE_URL"));
  }
  if (mode === "production" && isOn(read.INNGEST_DEV)) {
    problems.push(
      problem("INNGEST_DEV", read.INNGEST_DEV, "not allowed in production: anybody could run the functions"),
    );
  }
  const namesInngest = read.INNGEST_BASE_URL ?? read.INNGEST_EVENT_KEY ?? read.INNGEST_SIGNING_KEY;
  for (const key of ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"] as const) {
    if (namesInngest && !isOn(read.INNGEST_DEV) && !read[key])
      problems.push(
        problem(key, undefined, "required to run the functions on Inngest, which another variable asks for"),
      );
  }
  for (const [one, other] of [
    ["PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET"],
    ["PAYPAL_CLIENT_SECRET", "PAYPAL_CLIENT_ID"],
  ] as const) {
    if (read[one] && !read[other]) problems.push(problem(other, undefined, `required because ${one} is set`));
  }
  return problems;
}

function toEnv(read: Variables): Env {
  const mode = modeOf(read);
  const port = Number(read.PORT ?? "3000");
  const dataDir = read.TRIBUTARY_DATA_DIR ?? ".data";
  return {
    mode,
    databaseUrl: read.DATABASE_URL ?? null,
    databaseDriver: read.DATABASE_DRIVER ?? null,
    get appSecret() {
      return read.APP_SECRET ?? keptSecret(dataDir);
    },
    appUrl: (read.APP_URL ?? `http://localhost:${port}`).replace(/\/+$/, ""),
    port,
    dataDir,
    inngest: {
      baseUrl: read.INNGEST_BASE_URL ?? null,
      eventKey: read.INNGEST_EVENT_KEY ?? null,
      signingKey: read.INNGEST_SIGNING_KEY ?? null,
      isDev: isOn(read.INNGEST_DEV),
    },
    paypal: {
      baseUrl: (read.PAYPAL_BASE_URL ?? "https://api-m.paypal.com").replace(/\/+$/, ""),
      credentials:
        read.PAYPAL_CLIENT_ID && read.PAYPAL_CLIENT_SECRET
          ? { clientId: read.PAYPAL_CLIENT_ID, clientSecret: read.PAYPAL_CLIENT_SECRET }
          : null,
    },
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM ?? "Tributary <payouts@localhost>",
    logLevel: read.LOG_LEVEL ?? (mode === "test" ? "warn" : "info"),
  };
}

function isOn(flag: string | undefined): boolean {
  return flag !== undefined && !["0", "false"].includes(flag);
}

function modeOf(read: Variables): Env["mode"] {
  if (read.TRIBUTARY_MODE) return read.TRIBUTARY_MODE;
  return read.NODE_ENV === "production" || read.NODE_ENV === "test" ? read.NODE_ENV : "development";
}

function problem(name: string, value: string | undefined, rule: string): string {
  return `${name}: ${value === undefined ? "missing" : `a text of ${value.length} characters`}; ${rule}`;
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}

/** Two processes may ask at once: the first to link its file wins, and both read that one. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, "secret");
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      unlinkSync(draft);
    }
  }
  return readFileSync(path, "utf8").trim();
}
