import type { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, OPERATOR_ROLES } from "@/server/access";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

const OPERATORS = [...OPERATOR_ROLES];
const MONEY = ["owner", "finance"];
const EVERYBODY = [...OPERATORS, "affiliate"];
const ANYBODY = [...EVERYBODY, "anonymous"];
const PEOPLE = ["owner", "admin"];

/** Who may call what. A procedure that is not here fails the first test: whoever adds one decides who may call it. */
const MAY: Record<string, readonly string[]> = {
  "activity.latest": EVERYBODY,
  "activity.stream": EVERYBODY,
  "conversions.list": OPERATORS,
  "conversions.trace": OPERATORS,
  "deliveries.get": OPERATORS,
  "deliveries.list": OPERATORS,
  "deliveries.replay": ["owner", "admin", "manager"],
  "invitation.accept": ANYBODY,
  "invitation.get": ANYBODY,
  "mail.get": OPERATORS,
  "mail.list": OPERATORS,
  "mail.resend": ["owner", "admin", "finance", "manager"],
  "overview.balanceLines": OPERATORS,
  "overview.balances": OPERATORS,
  "overview.firstPostback": OPERATORS,
  "overview.proof": OPERATORS,
  "overview.waiting": OPERATORS,
  "payouts.attention": OPERATORS,
  "payouts.batches.approve": MONEY,
  "payouts.batches.discard": MONEY,
  "payouts.batches.findings": OPERATORS,
  "payouts.batches.get": OPERATORS,
  "payouts.batches.list": OPERATORS,
  "payouts.batches.payouts": OPERATORS,
  "payouts.batches.plan": MONEY,
  "payouts.batches.retry": MONEY,
  "payouts.batches.retryable": OPERATORS,
  "payouts.get": OPERATORS,
  "people.change": PEOPLE,
  "people.invite": PEOPLE,
  "people.list": OPERATORS,
  "people.revoke": PEOPLE,
  "portal.balanceLines": ["affiliate"],
  "portal.balances": ["affiliate"],
  "portal.earning": ["affiliate"],
  "portal.earnings": ["affiliate"],
  "portalPayouts.destination": ["affiliate"],
  "portalPayouts.get": ["affiliate"],
  "portalPayouts.lastBatch": ["affiliate"],
  "portalPayouts.list": ["affiliate"],
  "portalPayouts.setDestination": ["affiliate"],
  "programs.list": OPERATORS,
  "sources.addresses": ["owner", "admin", "manager"],
  "sources.list": OPERATORS,
  "tasks.close": MONEY,
  "tasks.count": OPERATORS,
  "tasks.list": OPERATORS,
  "tasks.resolveUnknown": MONEY,
};

const person = { userId: "usr_1", name: "Ada", orgId: "org_1" };
const CALLERS: Record<string, Actor | null> = {
  ...Object.fromEntries(OPERATORS.map((role) => [role, { ...person, side: "operator", role } satisfies Actor])),
  affiliate: { ...person, side: "affiliate", affiliateId: "aff_1" },
  anonymous: null,
};

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;

/** Calls without an input: whoever may call is told what is wrong with that, or answered; the others never get so far. */
async function ask(name: string, actor: Actor | null): Promise<string> {
  const hangUp = new AbortController();
  const caller = createCallerFactory(appRouter)(
    { actor, database: opened.database, clock: () => new Date(0), rails: [], send: async () => {} },
    { signal: hangUp.signal },
  );
  const call = name.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], caller);
  try {
    await (call as () => Promise<unknown>)();
    return "answered";
  } catch (error) {
    return (error as TRPCError).code;
  } finally {
    hangUp.abort();
  }
}

test("every procedure is in the matrix", () => {
  expect(Object.keys(procedures).sort()).toEqual(Object.keys(MAY).sort());
});

test("whatever changes something is refused to somebody who may see it", () => {
  const changes = Object.keys(procedures).filter((name) => procedures[name]?._def.type === "mutation");
  // An invitation's link is its own proof.
  expect(changes.filter((name) => MAY[name]?.includes("viewer"))).toEqual(["invitation.accept"]);
});

describe.each(Object.keys(MAY))("%s", (name) => {
  test.each(Object.entries(CALLERS))("%s", async (who, actor) => {
    const verdict = await ask(name, actor);
    if (MAY[name]?.includes(who)) expect(["answered", "BAD_REQUEST", "NOT_FOUND"]).toContain(verdict);
    else expect(verdict).toBe(actor === null ? "UNAUTHORIZED" : "FORBIDDEN");
  });
});
