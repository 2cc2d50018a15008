import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { batchIdOf, batchOf, call, closePayPal, openPayPal, submit } from "./paypal-client";

let folder = "";
let booksPath = "";
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulator-books-"));
  booksPath = join(folder, "books.jsonl");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

test("books, duplicates, request ids and fault counts survive a restart", async () => {
  const before = await openPayPal({ booksPath, faults: { queue: [{ kind: "500-after" }] } });
  await submit(before, batchOf("b1", ["a@example.com", "fail+b@example.com"]), { "paypal-request-id": "r1" });
  const id = batchIdOf(await submit(before, batchOf("b2"), { "paypal-request-id": "r2" }));
  before.settle();
  const books = before.books();
  await closePayPal(before);

  const after = await openPayPal({ booksPath });
  expect(after.books()).toEqual(books);
  expect((await submit(after, batchOf("b1"))).body.name).toBe("USER_BUSINESS_ERROR");
  expect(batchIdOf(await submit(after, batchOf("b2"), { "paypal-request-id": "r2" }))).toBe(id);
  expect((await call(after, `/v1/payments/payouts/${id}`)).body.items[0].transaction_status).toBe("SUCCESS");
});

test("a batch accepted before a restart settles after it", async () => {
  const before = await openPayPal({ booksPath, settleMs: 3_600_000 });
  const id = batchIdOf(await submit(before, batchOf("b1")));
  await closePayPal(before);
  const after = await openPayPal({ booksPath });
  expect((await call(after, `/v1/payments/payouts/${id}`)).body.batch_header.batch_status).toBe("PENDING");
  after.setClock(new Date(Date.now() + 3_600_000));
  expect((await call(after, `/v1/payments/payouts/${id}`)).body.batch_header.batch_status).toBe("SUCCESS");
});

test("a torn last line is cut off; a damaged line elsewhere stops the start and is named", async () => {
  const before = await openPayPal({ booksPath });
  await submit(before, batchOf("b1"));
  await closePayPal(before);
  const whole = readFileSync(booksPath, "utf8");
  appendFileSync(booksPath, whole.slice(0, 40));
  const after = await openPayPal({ booksPath });
  expect(after.books().batches.b1?.accepted).toBe(1);
  await submit(after, batchOf("b2"));
  await closePayPal(after);
  expect(readFileSync(booksPath, "utf8").startsWith(whole)).toBe(true);
  appendFileSync(booksPath, "not json\n");
  await expect(openPayPal({ booksPath })).rejects.toThrow(/line 3 is not JSON/);
});

test("what was answered, and what was accepted without an answer, is in the books after kill -9", async () => {
  const faults = JSON.stringify({ queue: [{ kind: "timeout-after", hang: "destroy" }] });
  const first = await startCommand("--faults", faults);
  await expect(submit(first, batchOf("b1"))).rejects.toThrow();
  expect((await submit(first, batchOf("b2"))).status).toBe(201);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const after = await openPayPal({ booksPath });
  expect(after.books().items).toMatchObject({ "b1-0": { accepted: 1 }, "b2-0": { accepted: 1 } });
  expect((await submit(after, batchOf("b1"))).status).toBe(400);
});

/** The real command, as a process of its own. */
async function startCommand(...more: string[]) {
  const options = ["--port", "0", "--books", booksPath, "--client-id", "id", "--client-secret", "secret"];
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "simulator/cli.ts", "paypal", "--latency-ms", "0", ...options, ...more],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /url=(\S+)/.exec(line.toString())?.[1] ?? "";
  return { url, child };
}
