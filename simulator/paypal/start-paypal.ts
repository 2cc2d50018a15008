import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { parseDecimal, paypalExponent } from "@/simulator/amounts";
import { errorReply, type Fee, type Reply } from "./answers";
import { openBooks } from "./books";
import { simulatedClock } from "./clock";
import { control } from "./control";
import { type FaultPlan, type Faults, scriptedFaults } from "./faults";
import { cancelItem, lookUpBatch, lookUpItem } from "./look-up";
import { type Call, internalError, type PayPalRail, recordHit, replyBefore } from "./rail";
import { type BooksReport, reportBooks } from "./report-books";
import { submitPayout } from "./submit-payout";
import { issueToken, refuseToken } from "./token";

export type PayPalOptions = {
  clientId: string;
  clientSecret: string;
  /** 0 or absent: any free port. Listens on loopback only. */
  port?: number;
  /** File of the books; absent: in memory. One running server per file. */
  booksPath?: string;
  /** Time every answer takes; half of it before the books are touched, half after. */
  latencyMs?: number;
  /** From acceptance to the first outcome; to a change of mind (5 days); to the return of unclaimed money (30 days). */
  settleMs?: number;
  lateMs?: number;
  unclaimedMs?: number;
  faults?: FaultPlan;
  seed?: number;
  /** Decimal strings per currency; a currency not listed never runs dry. */
  balances?: Record<string, string>;
  requestIds?: "replay" | "ignored";
  /** US dollars per item, as PayPal documents it. */
  fee?: Fee;
};

/** A running PayPal and its judge. */
export type PayPal = {
  readonly url: string;
  readonly faults: Faults;
  books(): BooksReport;
  /** Brings the first outcome of everything open; with `late`, all that will ever come. */
  settle(late?: boolean): void;
  setClock(at: Date | null, running?: boolean): void;
  /** Ends every connection, also those held open by a fault. */
  close(): Promise<void>;
};

const dayMs = 24 * 3600 * 1000;
const bodyBytesMax = 64 * 1024 * 1024;

/** Starts a PayPal-Payouts-shaped server.  Errors: a port in use, unreadable books, a balance that is no amount. */
export async function startPayPal(options: PayPalOptions): Promise<PayPal> {
  const rail = openRail(options);
  const latencyMs = options.latencyMs ?? 150;
  const server = createServer((request, response) => {
    answer(rail, latencyMs, request, response).catch((error: unknown) => {
      // A caller that was killed while sending never made a request; nobody is left to answer.
      if (!request.complete) return;
      console.error("paypal simulator:", error);
      send(response, internalError());
    });
  });
  const port = await listen(server, options.port ?? 0).catch((error: unknown) => {
    rail.books.close();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    faults: rail.faults,
    books() {
      rail.books.advance(rail.clock.now());
      return reportBooks(rail.books);
    },
    settle: (late = false) => rail.books.advance(rail.clock.now(), late ? "late" : "settle"),
    setClock: (at, running) => rail.clock.set(at, running),
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      rail.books.close();
    },
  };
}

function openRail(options: PayPalOptions): PayPalRail {
  const seed = options.seed ?? 1;
  return {
    books: openBooks(options.booksPath),
    faults: scriptedFaults({ seed, ...options.faults }),
    clock: simulatedClock(),
    delays: {
      settleMs: options.settleMs ?? 2000,
      lateMs: options.lateMs ?? 5 * dayMs,
      unclaimedMs: options.unclaimedMs ?? 30 * dayMs,
    },
    fee: options.fee ?? { currency: "USD", value: "0.25" },
    seed,
    requestIds: options.requestIds ?? "replay",
    balances: new Map(
      Object.entries(options.balances ?? {}).map(([currency, value]) => [currency, amountAtHand(value, currency)]),
    ),
    clientId: options.clientId,
    clientSecret: options.clientSecret,
  };
}

function amountAtHand(value: string, currency: string): bigint {
  const exponent = paypalExponent(currency);
  const minor = exponent === null ? null : parseDecimal(value, exponent);
  if (minor === null) throw new Error(`balance ${value} ${currency} is not an amount PayPal could hold`);
  return minor;
}

async function answer(rail: PayPalRail, latencyMs: number, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request);
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  if (url.pathname.startsWith("/control/")) {
    rail.books.advance(rail.clock.now());
    return send(response, control(rail, request.method ?? "GET", url.pathname, body?.toString("utf8") ?? ""));
  }
  await pause(latencyMs / 2);
  rail.books.advance(rail.clock.now());
  const reply = body ? route(rail, request, url, body) : errorReply(413, "REQUEST_TOO_LARGE", "The body is too large.");
  await pause(latencyMs / 2);
  send(response, reply);
}

function route(rail: PayPalRail, request: IncomingMessage, url: URL, body: Buffer): Reply {
  const { authorization } = request.headers;
  const name = `${request.method} ${url.pathname}`;
  if (name === "POST /v1/oauth2/token") {
    const fault = rail.faults.takeBefore("token", "token");
    if (!fault) return issueToken(rail, authorization, body.toString("utf8"), new Date());
    recordHit(rail, fault, "token");
    return replyBefore(fault);
  }
  const refusal = refuseToken(rail, authorization, new Date());
  if (refusal) return refusal;
  const requestId = request.headers["paypal-request-id"];
  const call: Call = {
    base: url.origin,
    body,
    requestId: typeof requestId === "string" && requestId !== "" ? requestId : null,
    query: url.searchParams,
  };
  if (name === "POST /v1/payments/payouts") return submitPayout(rail, call);
  const match = /^(GET|POST) \/v1\/payments\/(payouts|payouts-item)\/([A-Za-z0-9]+)(\/cancel)?$/.exec(name);
  const [, method, kind, id = "", cancel] = match ?? [];
  if (method === "GET" && kind === "payouts" && !cancel) return lookUpBatch(rail, call, id);
  if (method === "GET" && kind === "payouts-item" && !cancel) return lookUpItem(rail, call, id);
  if (method === "POST" && kind === "payouts-item" && cancel) return cancelItem(rail, call, id);
  return errorReply(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.");
}

function send(response: ServerResponse, reply: Reply): void {
  if ("silence" in reply) {
    if (reply.silence === "destroy") response.destroy();
    return;
  }
  if (response.destroyed || response.headersSent) return;
  const text = "raw" in reply ? reply.raw : JSON.stringify(reply.body);
  const headers = "headers" in reply ? reply.headers : {};
  response.writeHead(reply.status, { "content-type": "application/json", ...headers });
  response.end(text);
}

/** The whole body; null when it is larger than anything the documents allow. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= bodyBytesMax) parts.push(part);
  }
  return bytes > bodyBytesMax ? null : Buffer.concat(parts);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} is in use; choose another for PayPal`) : error),
    );
    server.listen(port, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
