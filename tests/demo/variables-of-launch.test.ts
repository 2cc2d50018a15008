import { expect, test } from "vitest";
import { variablesOfLaunch } from "@/scripts/demo/variables-of-launch";
import { readEnvironment } from "@/server/env";

/** Everything that somebody with an installation of his own may have exported, wrong values among it. */
const exported = {
  NODE_ENV: "test",
  TRIBUTARY_MODE: "production",
  APP_SECRET: "short",
  APP_URL: "https://payouts.example.com",
  DATABASE_URL: "postgres://u:p@db.example/payouts",
  DATABASE_DRIVER: "neon",
  INNGEST_BASE_URL: "http://127.0.0.1:8288",
  INNGEST_DEV: "1",
  INNGEST_EVENT_KEY: "event",
  INNGEST_SIGNING_KEY: "signkey-test-00",
  MAIL_FROM: "nobody",
  PAYPAL_BASE_URL: "https://api-m.paypal.com",
  PAYPAL_CLIENT_ID: "id",
  SMTP_URL: "smtp://mail.example.com",
};

test("the demo is the same whatever its caller has exported", () => {
  const read = readEnvironment({ ...exported, ...variablesOfLaunch("demo", exported) });
  expect(read).toMatchObject({
    mode: "demo",
    databaseUrl: null,
    inngest: { baseUrl: null, eventKey: null, signingKey: null, isDev: false },
    paypal: { credentials: null },
    smtpUrl: null,
    appUrl: "http://localhost:3000",
  });
});

test("development never reaches a database or a mailbox, and may be tried with a real Inngest and a rail's sandbox", () => {
  const caller = { ...exported, APP_SECRET: "s".repeat(32), MAIL_FROM: "a@b.example", PAYPAL_CLIENT_SECRET: "secret" };
  const read = readEnvironment({ ...caller, ...variablesOfLaunch("development", caller) });
  expect(read).toMatchObject({
    mode: "development",
    databaseUrl: null,
    inngest: { baseUrl: "http://127.0.0.1:8288", isDev: true },
    paypal: { credentials: { clientId: "id" } },
    smtpUrl: null,
  });
});

test("how much a launcher logs is the caller's", () => {
  expect(variablesOfLaunch("demo", { LOG_LEVEL: "debug" })).toMatchObject({ LOG_LEVEL: "debug" });
  expect(variablesOfLaunch("demo", {})).toMatchObject({ LOG_LEVEL: "warn" });
});
