import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addMembership, answerAuth, createUser, getActor } from "@/server/access";
import { type Auth, createAuth } from "@/server/access/auth";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

const now = new Date("2026-11-20T10:00:00Z");
const settings = { mode: "test", appUrl: "http://localhost:3000", appSecret: "s".repeat(32), port: 3000 } as const;

let place: TestDatabase;
let auth: Auth;
let operatorId: string;
let clock = now;

beforeAll(async () => {
  place = await openTestDatabase("pglite");
  auth = createAuth(place.database, settings, () => clock);
  await place.database.asOwner(async (tx) => {
    operatorId = await createUser(tx, { name: "Olive", email: "Olive@Example.com", password: "correct horse" }, now);
    await addMembership(tx, { userId: operatorId, organizationId: "org_1", role: "owner" }, now);
    const mara = await createUser(tx, { name: "Mara", email: "mara@example.com", password: "battery staple" }, now);
    await addMembership(tx, { userId: mara, organizationId: "org_1", role: "affiliate", affiliateId: "aff_1" }, now);
    await createUser(tx, { name: "Nobody", email: "nobody@example.com", password: "no membership" }, now);
  });
});
afterAll(() => place.close());

const post = (path: string, body: object, origin = "http://localhost:3000", host = "localhost:3000") =>
  answerAuth(
    place.database,
    new Request(`http://localhost:3000/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, host },
      body: JSON.stringify(body),
    }),
    auth,
  );

const cookieOf = (response: Response) =>
  new Headers({
    cookie: response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; "),
  });

const actorOf = (headers: Headers) => getActor(place.database, headers, auth);

test("the right password gives a session of the right person, whatever the case of the address", async () => {
  const response = await post("/sign-in/email", { email: "olive@EXAMPLE.com", password: "correct horse" });
  expect(response.status).toBe(200);
  expect(await actorOf(cookieOf(response))).toEqual({
    side: "operator",
    role: "owner",
    userId: operatorId,
    name: "Olive",
    orgId: "org_1",
  });
});

test("an affiliate's user is bound to that affiliate", async () => {
  const response = await post("/sign-in/email", { email: "mara@example.com", password: "battery staple" });
  expect(await actorOf(cookieOf(response))).toMatchObject({ side: "affiliate", affiliateId: "aff_1" });
});

test("a person who belongs to nothing is nobody here", async () => {
  const response = await post("/sign-in/email", { email: "nobody@example.com", password: "no membership" });
  expect(response.status).toBe(200);
  expect(await actorOf(cookieOf(response))).toBeNull();
});

test.each([
  ["a wrong password", { email: "olive@example.com", password: "wrong password" }],
  ["an unknown address", { email: "nobody.else@example.com", password: "correct horse" }],
])("%s is refused alike", async (_name, body) => {
  const response = await post("/sign-in/email", body);
  expect(response.status).toBe(401);
  expect(response.headers.getSetCookie()).toEqual([]);
});

test("a forged or absent cookie is nobody", async () => {
  expect(await actorOf(new Headers())).toBeNull();
  expect(await actorOf(new Headers({ cookie: "tributary.session_token=abc.def" }))).toBeNull();
});

test("a session ends with signing out", async () => {
  const headers = cookieOf(await post("/sign-in/email", { email: "olive@example.com", password: "correct horse" }));
  await auth.handler(
    new Request("http://localhost:3000/api/auth/sign-out", {
      method: "POST",
      headers: { cookie: headers.get("cookie") ?? "", origin: "http://localhost:3000" },
    }),
  );
  expect(await actorOf(headers)).toBeNull();
});

test("nobody signs up, and no address starts a session without a password", async () => {
  const signUp = await post("/sign-up/email", { email: "new@example.com", password: "long enough", name: "New" });
  expect(signUp.status).toBeGreaterThanOrEqual(400);
  for (const path of ["/start-session", "/startSession", "/passwordless-session"]) {
    expect((await post(path, { userId: operatorId })).status).toBe(404);
  }
  const users = await place.database.asOwner((tx) =>
    tx.execute(sql`select 1 from users where email = 'new@example.com'`),
  );
  expect((users as unknown as { rows: unknown[] }).rows).toEqual([]);
});

test("a page of another site cannot sign anybody in", async () => {
  const body = { email: "olive@example.com", password: "correct horse" };
  expect((await post("/sign-in/email", body, "https://evil.example")).status).toBe(403);
});

test("people sign in under whatever address they reach the installation, as long as the page is its own", async () => {
  const body = { email: "olive@example.com", password: "correct horse" };
  const answers = [
    await post("/sign-in/email", body, "https://payouts.example.com", "payouts.example.com"),
    await post("/sign-in/email", body, "https://evil.example", "payouts.example.com"),
    await post("/sign-in/email", body, "https://payouts.example.com.evil.example", "payouts.example.com"),
    await post("/sign-in/email", body, "null", "null"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
});

test("an address signs in one person only", async () => {
  const again = place.database.asOwner((tx) =>
    createUser(tx, { name: "Other", email: "olive@example.com", password: null }, now),
  );
  await expect(again).rejects.toMatchObject({ code: "conflict" });
});

test("ten wrong passwords for one address end in a quarter of an hour of nothing, also with the right one, also all at once", async () => {
  const wrong = { email: "Mara@Example.com", password: "guess" };
  const guesses = await Promise.all(Array.from({ length: 15 }, () => post("/sign-in/email", wrong)));
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
  const right = { email: "mara@example.com", password: "battery staple" };
  const refused = await post("/sign-in/email", right);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("900");
  expect((await post("/sign-in/email", { email: "olive@example.com", password: "correct horse" })).status).toBe(200);
  clock = new Date(now.getTime() + 15 * 60_000);
  expect((await post("/sign-in/email", right)).status).toBe(200);
});

test("an address that nobody has is limited alike, and who signs in begins anew", async () => {
  const tell = async (email: string, times: number) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n++) statuses.push((await post("/sign-in/email", { email, password: "wrong" })).status);
    return statuses;
  };
  expect(await tell("no.such@example.com", 11)).toEqual([...Array(10).fill(401), 429]);
  expect(await tell("olive@example.com", 9)).toEqual(Array(9).fill(401));
  expect((await post("/sign-in/email", { email: "olive@example.com", password: "correct horse" })).status).toBe(200);
  expect(await tell("olive@example.com", 10)).toEqual(Array(10).fill(401));
});

test("of the library only signing in and out is open: nobody renames himself, or comes in by another way", async () => {
  const response = await post("/sign-in/email", { email: "olive@example.com", password: "correct horse" });
  const cookie = cookieOf(response).get("cookie") ?? "";
  const others = Object.values(
    auth.api as unknown as Record<string, { path?: string; options: { method: string | string[] } }>,
  )
    .filter(({ path }) => path !== undefined && !["/sign-in/email", "/sign-out"].includes(path))
    .flatMap(({ path, options }) => [options.method].flat().map((method) => ({ path: path ?? "", method })));
  expect(others.length).toBeGreaterThan(20);
  for (const { path, method } of others) {
    const headers = {
      "content-type": "application/json",
      origin: "http://localhost:3000",
      host: "localhost:3000",
      cookie,
    };
    const url = `http://localhost:3000/api/auth${path.replace(/:\w+/, "x")}`;
    const body = method === "POST" ? JSON.stringify({ name: "Ben" }) : undefined;
    const { status } = await answerAuth(place.database, new Request(url, { method, headers, body }), auth);
    expect(status, path).toBe(404);
  }
});
