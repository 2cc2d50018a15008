import { createServer, request as open } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { keepRawTargets } from "@/server/deliveries";

test.each([
  ["/api/postbacks/abc?a=%zz", "/api/postbacks/abc?a=%zz"],
  ["http://localhost/api/postbacks/abc?a=1", undefined],
  ["//api/postbacks/abc", undefined],
  ["/go/shoes", undefined],
])("of a request to %s the server is told the target %s, never what the sender claims", async (path, told) => {
  keepRawTargets();
  const server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const seen = await new Promise<string>((resolve, reject) => {
    const headers = { "X-Tributary-Target": "/claimed" };
    open({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => resolve(text(response)))
      .on("error", reject)
      .end();
  });
  server.close();
  expect((JSON.parse(seen) as Record<string, string>)["x-tributary-target"]).toBe(told);
});
