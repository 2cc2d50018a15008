import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A PayPal that stands before the simulator's and refuses, as a whole and naming the item, every submission that holds a receiver it
 *  does not like: bad content that only the rail knows of. */
export type StrictPayPal = { readonly url: string; readonly refusals: () => number; close(): Promise<void> };

type Item = { readonly receiver?: string };

/** Starts one before the PayPal at `url`. */
export async function startStrictPayPal(url: string, disliked: string): Promise<StrictPayPal> {
  let refusals = 0;
  const server = createServer((request, response) => {
    pass(request).then(
      ({ status, body }) => response.writeHead(status, { "content-type": "application/json" }).end(body),
      () => response.destroy(),
    );
  });
  const pass = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    if (request.method === "POST" && request.url === "/v1/payments/payouts") {
      const { items } = JSON.parse(body.toString("utf8")) as { items: Item[] };
      const place = items.findIndex(({ receiver }) => receiver === disliked);
      if (place >= 0) {
        refusals += 1;
        return { status: 400, body: JSON.stringify(refusalOf(place)) };
      }
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      ["host", "connection", "content-length", "transfer-encoding"].includes(name) ? [] : [[name, String(value)]],
    );
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method,
      headers,
      ...(body.length > 0 && { body }),
    });
    return { status: answer.status, body: await answer.text() };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals: () => refusals,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function refusalOf(place: number): object {
  return {
    name: "VALIDATION_ERROR",
    message: "Invalid request - see details",
    debug_id: "strict",
    details: [
      { field: `items[${place}].receiver`, location: "body", issue: "Receiver is invalid or does not match with type" },
    ],
  };
}
