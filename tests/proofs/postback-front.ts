import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { type App, boot } from "@/server/boot";
import type { Database } from "@/server/db";
import { handlePostback } from "@/server/deliveries";

/** A web server's process as far as postbacks go: the product's own start, and its handler behind node:http instead of Next. */
export type PostbackFront = { readonly url: string; readonly database: Database; close(): Promise<void> };

/** Starts one in this process on a free port of the loopback. */
export async function startPostbackFront(databaseUrl: string): Promise<PostbackFront> {
  process.env.DATABASE_URL = databaseUrl;
  process.env.APP_SECRET = "a secret of the proofs and only theirs";
  const app = await boot();
  const server = createServer((request, response) => {
    answer(app, request, response).catch((error: unknown) => {
      console.error("postback front:", error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    database: app.database,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await app.stop();
    },
  };
}

async function answer(app: App, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host}`);
  const hasBody = incoming.method === "POST";
  const request = new Request(url, {
    method: incoming.method,
    headers: Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] => [[name, String(value)]]),
    ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" }),
  } as RequestInit);
  const token = url.pathname.split("/").at(-1) ?? "";
  const answered = await handlePostback(request, token, app.postbackDoor);
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
}
