import { connect, createServer } from "node:net";
import { Refusal } from "@/server/errors";

const FIRST = 3000;
/** Ports tried when none was asked for. */
const TRIED_MAX = 50;

/** The port to serve on: the one asked for, else the first free one from 3000 on.
 *  Errors: conflict (somebody else has the port). */
export async function choosePort(asked: number | null): Promise<number> {
  if (asked !== null) {
    if (await isFree(asked)) return asked;
    throw new Refusal(
      "conflict",
      `Port ${asked} is taken by another program. Stop it, or choose another: PORT=${asked + 1}.`,
    );
  }
  for (let port = FIRST; port < FIRST + TRIED_MAX; port++) if (await isFree(port)) return port;
  throw new Refusal("conflict", `Ports ${FIRST} to ${FIRST + TRIED_MAX - 1} are all taken. Choose one: PORT=8080.`);
}

/** A program may listen on all addresses or on one: a port is free when it can be had and nobody answers on it. */
async function isFree(port: number): Promise<boolean> {
  if (!(await canListen(port))) return false;
  return !(await answers("127.0.0.1", port)) && !(await answers("::1", port));
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
    socket.setTimeout(500, () => end(false));
  });
}
