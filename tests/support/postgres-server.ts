import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { type Binaries, findPostgres, handOver } from "./postgres-binaries";

/** A real Postgres of our own. The login role `tributary` owns the database, may create roles, and neither is a superuser nor
 *  bypasses row security. */
export type PostgresServer = {
  /** As `tributary`, to the database `tributary`. */
  url: string;
  /** As the superuser, for tests that need what an operator's administrator can do. */
  adminUrl: string;
  port: number;
  /** The postmaster's process id. */
  readonly pid: number;
  /** Creates a database owned by `tributary`; with a template, as its copy. Returns its URL. */
  createDatabase(name: string, template?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Stops (fast shutdown) and starts on the same port and data. */
  restart(): Promise<void>;
  /** Stops but keeps the data; `start` continues. */
  pause(): Promise<void>;
  start(): Promise<void>;
  /** Stops and removes everything. */
  stop(): Promise<void>;
};

/** Starts a fresh server on a free port of the loopback. `durable` (fsync and all; the default) is for proofs and benchmarks;
 *  without it tests are faster, and data still survives the death of the process.
 *  Errors: what initdb or postgres said, when they fail. */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<PostgresServer> {
  const binaries = await findPostgres();
  const folder = mkdtempSync(join(binaries.openTmp, "tributary-pg-"));
  try {
    handOver(folder, binaries.user);
    await promisify(execFile)(
      binaries.initdb,
      ["-D", join(folder, "data"), "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
      { ...binaries.user, cwd: folder, env: serverEnvironment() },
    );
    return await serve(binaries, folder, options.durable ?? true);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function serve(binaries: Binaries, folder: string, durable: boolean): Promise<PostgresServer> {
  const port = await freePort();
  const start = () => spawnServer(binaries, folder, port, durable);
  let server = await start();
  const pause = async () => {
    await shutDown(server.process);
    server.guard?.kill("SIGKILL");
  };
  const urlOf = (user: string, name: string) => `postgres://${user}@127.0.0.1:${port}/${name}`;
  const adminUrl = urlOf("postgres", "postgres");
  const createDatabase = async (name: string, template = "template1") => {
    await query(adminUrl, `create database "${name}" template "${template}" owner tributary`);
    return urlOf("tributary", name);
  };
  try {
    await query(adminUrl, "create role tributary login createrole nosuperuser nobypassrls");
    await createDatabase("tributary");
  } catch (error) {
    await pause();
    throw error;
  }
  return {
    url: urlOf("tributary", "tributary"),
    adminUrl,
    port,
    get pid() {
      return server.pid;
    },
    createDatabase,
    dropDatabase: (name) => query(adminUrl, `drop database if exists "${name}" with (force)`),
    pause,
    start: async () => {
      server = await start();
    },
    restart: async () => {
      await pause();
      server = await start();
    },
    stop: async () => {
      await shutDown(server.process);
      rmSync(folder, { recursive: true, force: true });
      // Last: whatever ends us before this line, the guard does the rest.
      server.guard?.kill("SIGKILL");
    },
  };
}

type RunningServer = { pid: number; process: ChildProcess; guard: ChildProcess | undefined };

const NOT_DURABLE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

/** Resolves when the server accepts connections, which it says itself. */
function spawnServer(binaries: Binaries, folder: string, port: number, durable: boolean): Promise<RunningServer> {
  const settings = [`listen_addresses=127.0.0.1`, `port=${port}`, "unix_socket_directories=", "max_connections=200"];
  const server = spawn(
    binaries.postgres,
    ["-D", join(folder, "data"), ...settings.flatMap((setting) => ["-c", setting]), ...(durable ? [] : NOT_DURABLE)],
    { ...binaries.user, cwd: folder, env: serverEnvironment(), stdio: ["ignore", "ignore", "pipe"] },
  );
  // At once, not when it is ready: we may be killed while it starts. Without a pid it has not started.
  const pid = server.pid ?? 0;
  const guard = pid === 0 ? undefined : guardAgainstOrphans(pid, folder);
  return new Promise((resolve, reject) => {
    let said = "";
    server.once("error", reject);
    server.once("exit", (code) => {
      guard?.kill("SIGKILL");
      reject(new Error(`postgres ended with code ${code}:\n${said}`));
    });
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
      if (!said.includes("database system is ready to accept connections")) return;
      server.stderr.removeAllListeners("data").resume();
      server.removeAllListeners("exit");
      resolve({ pid, process: server, guard });
    });
  });
}

/** Fast shutdown (connections end, then the server), after ten seconds at once without a checkpoint, after twenty by force. */
const SIGNALS = [
  { signal: "SIGINT", afterMs: 0 },
  { signal: "SIGQUIT", afterMs: 10_000 },
  { signal: "SIGKILL", afterMs: 20_000 },
] as const;

/** The same in tenths of a second; a server that outlives even that is left to its machine. */
const GUARD = `cat
tenths=0
while [ $tenths -lt 250 ] && kill -0 "$0" 2>/dev/null; do
  case $tenths in
    0) kill -INT "$0" ;;
    100) kill -QUIT "$0" ;;
    200) kill -KILL "$0" ;;
  esac
  tenths=$((tenths + 1))
  sleep 0.1
done
rm -rf "$1"`;

/** Our own death by kill -9 runs no handler: a shell that reads our pipe to its end then stops the server and removes its folder. */
function guardAgainstOrphans(pid: number, folder: string): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const guard = spawn("sh", ["-c", GUARD, String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return guard;
}

async function shutDown(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const timers = SIGNALS.map(({ signal, afterMs }) => setTimeout(() => server.kill(signal), afterMs));
  await ended;
  for (const timer of timers) clearTimeout(timer);
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The server's own words in English, whatever the machine speaks. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
