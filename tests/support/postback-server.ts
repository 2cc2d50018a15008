import { createServer, request as open } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { keepRawTargets, type PostbackDoor } from "@/server/deliveries";
import { createFrontDoor } from "@/server/front-door";

export type SentPostback = {
  /** Path and query, sent as they stand: clients that parse addresses would write them anew. */
  target: string;
  /** With a body it is a POST. */
  body?: string | Uint8Array;
  headers?: Record<string, string>;
};

export type PostbackServer = {
  readonly port: number;
  send(sent: SentPostback): Promise<{ status: number; headers: Record<string, unknown>; text: string }>;
  close(): Promise<void>;
};

/** The front door on a port of its own, without Next behind it: what the door leaves alone is answered 421. */
export async function startPostbackServer(door: PostbackDoor): Promise<PostbackServer> {
  keepRawTargets();
  const frontDoor = createFrontDoor(door);
  const server = createServer((request, response) => {
    if (!frontDoor(request, response)) response.writeHead(421).end("left to Next");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    send: (sent) => send(port, sent),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(port: number, { target, body, headers }: SentPostback): ReturnType<PostbackServer["send"]> {
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const request = open({ host: "127.0.0.1", port, path: target, method, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: await text(response) });
    });
    request.on("error", reject).end(body);
  });
}
