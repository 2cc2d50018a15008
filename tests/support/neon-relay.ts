import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { neonConfig } from "@neondatabase/serverless";
import { WebSocketServer } from "ws";

/** Stands where Neon's proxy stands: each WebSocket becomes a TCP connection to a Postgres of ours, bytes for bytes. */
export async function startNeonRelay(postgresPort: number): Promise<{ close(): Promise<void> }> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on("connection", (webSocket) => {
    const tcp = connect(postgresPort, "127.0.0.1");
    webSocket.on("message", (bytes: Buffer) => tcp.write(bytes));
    tcp.on("data", (bytes) => webSocket.send(bytes));
    webSocket.on("close", () => tcp.end());
    tcp.on("close", () => webSocket.close());
    tcp.on("error", () => webSocket.close());
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  speakThrough((http.address() as AddressInfo).port);
  return {
    async close() {
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The driver's settings are one object per process: every Neon database of a test file goes through the last relay. */
function speakThrough(relayPort: number): void {
  neonConfig.wsProxy = () => `127.0.0.1:${relayPort}/`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = false;
}
