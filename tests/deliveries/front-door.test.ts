import { Agent, request as open } from "node:http";
import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { createInbox } from "@/server/deliveries";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";
import { type PostbackServer, startPostbackServer } from "@/tests/support/postback-server";

const now = new Date("2026-03-01T10:00:00Z");
const clock = () => now;

let opened: TestDatabase;
let org: TestOrganization;
let server: PostbackServer;
let path: string;

beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  org = await setUpOrganization(opened.database, now, { affiliates: 1 });
  path = `/api/postbacks/${org.source.token}`;
  server = await startPostbackServer({ inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 });
});
afterAll(async () => {
  await server.close();
  await opened.close();
});

async function stored(answer: { text: string }) {
  const { delivery } = JSON.parse(answer.text) as { delivery: string };
  const [row] = await opened.database.inOrganization(org.orgId, (tx) =>
    queryRows<{ method: string; target: string; headers: object; body: string }>(
      tx,
      sql`select method, target, headers, encode(body, 'escape') as body from deliveries where id = ${delivery}`,
    ),
  );
  return row;
}

test("a query is stored to the byte, whatever the sender claims it was", async () => {
  const query = "transaction_id=B1%20a+b&payout=1.00&sub1=it's~%7E&b&c=";
  const answer = await server.send({
    target: `${path}?${query}`,
    headers: { "x-tributary-target": "/api/postbacks/other", "x-more": "kept", cookie: "dropped=1" },
  });
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(await stored(answer)).toMatchObject({
    method: "GET",
    target: `${path.replace(org.source.token, org.source.id)}?${query}`,
    headers: { "x-more": "kept", host: expect.anything() },
  });
  const headers = (await stored(answer))?.headers ?? {};
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(["cookie"]));
  expect(headers).not.toHaveProperty("x-tributary-target");
});

test("a body is stored to the byte", async () => {
  const body = "transaction_id=B2&payout=1.00&note=%7E~+%20";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await server.send({ target: path, body, headers });
  expect(await stored(answer)).toMatchObject({ method: "POST", body });
});

test.each([
  ["GET", "/api/ready"],
  ["GET", "/api/postbacks"],
  ["GET", "/api/postbacks/"],
  ["GET", "/api/postbacks/a/b"],
  ["GET", "//api/postbacks/a"],
  ["PUT", "/api/postbacks/0123456789abcdefghjkmnpqrstvwxyz"],
  ["HEAD", "/api/postbacks/0123456789abcdefghjkmnpqrstvwxyz"],
])("%s %s is left to Next", async (method, target) => {
  const status = await new Promise((resolve, reject) => {
    const request = open({ host: "127.0.0.1", port: server.port, method, path: target }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject).end();
  });
  expect(status).toBe(421);
});

test.each([
  ["too large", 413, () => path],
  ["for nobody", 404, () => `/api/postbacks/${"0".repeat(32)}`],
])("a body %s is read to its end, so that its sender reads the answer and may go on", async (_name, status, to) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (target: string, body: string) =>
    new Promise<{ status: number | undefined; said: string; isReused: boolean }>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: server.port, path: target, method: "POST", agent };
      const request = open(options, (response) => {
        const said = text(response);
        // Both directions are through.
        request.once("close", async () =>
          resolve({ status: response.statusCode, said: await said, isReused: request.reusedSocket }),
        );
      });
      request.on("error", reject).end(body);
    });
  expect(await post(to(), "x".repeat(8 * 1024 * 1024))).toMatchObject({
    status,
    said: expect.stringContaining("refused"),
  });
  const next = await post(path, "transaction_id=B3&payout=1");
  expect(next).toMatchObject({ status: 200, isReused: true });
  agent.destroy();
});

test("a body without an end is cut off", async () => {
  const request = open({ host: "127.0.0.1", port: server.port, path, method: "POST" });
  const cut = new Promise((resolve) => request.once("close", resolve).on("error", () => {}));
  const chunk = Buffer.alloc(1024 * 1024);
  const push = () => void (request.destroyed || request.write(chunk, () => push()));
  push();
  await cut;
  expect(request.destroyed).toBe(true);
});
