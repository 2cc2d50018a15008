import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EnvironmentProblem, readEnvironment } from "@/server/env";
import { refusalIn } from "@/server/errors";

const SECRET = "0123456789abcdef0123456789abcdef";
const PRODUCTION = { NODE_ENV: "production", APP_SECRET: SECRET, DATABASE_URL: "postgres://u:p@h/d" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-env-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("production needs APP_SECRET and DATABASE_URL, nothing else", () => {
  expect(readEnvironment(PRODUCTION)).toMatchObject({
    mode: "production",
    databaseUrl: "postgres://u:p@h/d",
    databaseDriver: null,
    appSecret: SECRET,
    appUrl: "http://localhost:3000",
    port: 3000,
    dataDir: ".data",
    inngest: { baseUrl: null, eventKey: null, signingKey: null, isDev: false },
    paypal: { baseUrl: "https://api-m.paypal.com", credentials: null },
    smtpUrl: null,
    logLevel: "info",
  });
});

type Wrong = { what: string; source: Record<string, string | undefined>; lines: RegExp[] };

const wrong: Wrong[] = [
  {
    what: "both that production needs, at once",
    source: { NODE_ENV: "production" },
    lines: [/^APP_SECRET: missing; required in production/, /^DATABASE_URL: missing; required in production/],
  },
  {
    what: "an empty value is a missing one",
    source: { ...PRODUCTION, APP_SECRET: "  " },
    lines: [/^APP_SECRET: missing;/],
  },
  {
    what: "a short secret, whose text is not shown",
    source: { ...PRODUCTION, APP_SECRET: "hunter2" },
    lines: [/^APP_SECRET: a text of 7 characters; at least 32/],
  },
  {
    what: "a database URL of another kind",
    source: { ...PRODUCTION, DATABASE_URL: "mysql://u:hunter2@h/d" },
    lines: [/^DATABASE_URL: a text of 21 characters; a URL that begins with postgres:/],
  },
  {
    what: "a demo on a database of someone's own",
    source: { TRIBUTARY_MODE: "demo", DATABASE_URL: "postgres://u:hunter2@h/d" },
    lines: [/^DATABASE_URL: .* not allowed in demo/],
  },
  { what: "an unknown mode", source: { TRIBUTARY_MODE: "prod" }, lines: [/^TRIBUTARY_MODE: .* one of demo/] },
  {
    what: "an unknown driver",
    source: { ...PRODUCTION, DATABASE_DRIVER: "http" },
    lines: [/^DATABASE_DRIVER: .*pg, neon/],
  },
  { what: "a driver without a database", source: { DATABASE_DRIVER: "neon" }, lines: [/^DATABASE_DRIVER: .*together/] },
  { what: "a port that is not a number", source: { PORT: "http" }, lines: [/^PORT: .*0 to 65535/] },
  { what: "a port beyond the last", source: { PORT: "65536" }, lines: [/^PORT: .*0 to 65535/] },
  { what: "an app URL without a protocol", source: { APP_URL: "example.com" }, lines: [/^APP_URL: .*http:/] },
  {
    what: "an Inngest server without its keys",
    source: { INNGEST_BASE_URL: "https://inngest.example" },
    lines: [/^INNGEST_EVENT_KEY: missing; required/, /^INNGEST_SIGNING_KEY: missing; required/],
  },
  {
    what: "an Inngest that lets anybody call, in production",
    source: { ...PRODUCTION, INNGEST_DEV: "1" },
    lines: [/^INNGEST_DEV: .*not allowed in production/],
  },
  {
    what: "one half of the PayPal credentials",
    source: { PAYPAL_CLIENT_ID: "x" },
    lines: [/^PAYPAL_CLIENT_SECRET: missing; required because/],
  },
  {
    what: "the other half",
    source: { PAYPAL_CLIENT_SECRET: "hunter2" },
    lines: [/^PAYPAL_CLIENT_ID: missing; required because/],
  },
  { what: "mail over http", source: { SMTP_URL: "http://h" }, lines: [/^SMTP_URL: .*smtp:/] },
  { what: "a sender without an address", source: { MAIL_FROM: "Tributary" }, lines: [/^MAIL_FROM: .*address/] },
  { what: "an unknown log level", source: { LOG_LEVEL: "loud" }, lines: [/^LOG_LEVEL: .*one of trace/] },
  {
    what: "everything wrong is listed together",
    source: { PORT: "x", APP_URL: "y", TRIBUTARY_MODE: "demo", DATABASE_URL: "postgres://h/d", PAYPAL_CLIENT_ID: "z" },
    lines: [/^APP_URL/, /^PORT/, /^DATABASE_URL/, /^PAYPAL_CLIENT_SECRET/],
  },
];

describe("refused in words", () => {
  test.each(wrong)("$what", ({ source, lines }) => {
    const problem = problemOf({ TRIBUTARY_DATA_DIR: folder, ...source });
    expect(problem.problems).toHaveLength(lines.length);
    lines.forEach((line, place) => {
      expect(problem.problems[place]).toMatch(line);
    });
    expect(problem.message).not.toContain("hunter2");
    expect(refusalIn(problem)?.code).toBe("invalid_input");
  });
});

test("outside production a secret is made once, kept for its owner only, and read again", () => {
  const first = readEnvironment({ TRIBUTARY_DATA_DIR: join(folder, "new") }).appSecret;
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(readEnvironment({ TRIBUTARY_DATA_DIR: join(folder, "new") }).appSecret).toBe(first);
  expect(statSync(join(folder, "new", "secret")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, "new", "secret"), "utf8")).toBe(first);
});

test("a secret that is set is used, and none is made", () => {
  expect(readEnvironment({ TRIBUTARY_DATA_DIR: folder, APP_SECRET: SECRET }).appSecret).toBe(SECRET);
  expect(existsSync(join(folder, "secret"))).toBe(false);
});

test.each([
  { source: {}, mode: "development" },
  { source: { NODE_ENV: "test" }, mode: "test" },
  { source: { NODE_ENV: "staging" }, mode: "development" },
  { source: { NODE_ENV: "production", TRIBUTARY_MODE: "demo" }, mode: "demo" },
])("$source is mode $mode", ({ source, mode }) => {
  expect(readEnvironment({ TRIBUTARY_DATA_DIR: folder, ...source }).mode).toBe(mode);
});

test("the app's URL follows the port, and loses a slash at its end", () => {
  const read = (source: Record<string, string>) => readEnvironment({ TRIBUTARY_DATA_DIR: folder, ...source }).appUrl;
  expect(read({ PORT: "4000" })).toBe("http://localhost:4000");
  expect(read({ PORT: "4000", APP_URL: "https://pay.example.com/" })).toBe("https://pay.example.com");
});

test(".env.example names every variable that is read, and only those", () => {
  const named = [...readFileSync(".env.example", "utf8").matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
  const read = [...readFileSync("server/env.ts", "utf8").matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
  expect(read.length).toBeGreaterThan(15);
  expect(named.toSorted()).toEqual(read.filter((name) => name !== "NODE_ENV").toSorted());
});

function problemOf(source: Record<string, string | undefined>): EnvironmentProblem {
  try {
    readEnvironment(source);
  } catch (error) {
    if (error instanceof EnvironmentProblem) return error;
    throw error;
  }
  throw new Error("the environment was accepted");
}
