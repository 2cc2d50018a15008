// `npm start`: Next's production server behind one of our own, which hands postbacks to their handler before Next sees them (server/front-door.ts,
// put on globalThis by the app when it has started). Plain JavaScript: what runs in production needs no compiler.
import { createServer } from "node:http";
import { parseArgs } from "node:util";

process.env.NODE_ENV = "production";
const { default: next } = await import("next");

const { port, hostname } = readArguments();
const app = next({ dev: false, hostname, port });
const ready = app.prepare().then(() => app.getRequestHandler());
ready.catch((error) => refuse(error.message));
// Listens at once: what comes while the app starts waits for it instead of being refused.
const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.headersSent ? response.destroy() : response.writeHead(500).end();
  });
});
server.once("error", (error) => refuse(error.message));
server.listen(port, hostname, () =>
  console.log(`Listening on http://${hostname ?? "localhost"}:${server.address().port}`),
);

async function answer(request, response) {
  const handle = await ready;
  if (!globalThis.tributaryFrontDoor?.(request, response)) await handle(request, response);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: { port: { type: "string", short: "p" }, hostname: { type: "string", short: "H" } },
    });
    const asked = values.port ?? process.env.PORT ?? "3000";
    if (/^\d{1,5}$/.test(asked) && Number(asked) <= 65_535) return { port: Number(asked), hostname: values.hostname };
    return refuse(`"${asked}" is no port: a whole number up to 65535.`);
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(words) {
  process.stderr.write(`\nTributary could not start.\n${words}\n`);
  process.exit(1);
}
