import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lockFolder } from "@/server/db/folder-lock";
import { Refusal, refusalIn } from "@/server/errors";
import { readDemoState, writeDemoState } from "./demo-state";

/** A launcher that was killed leaves an app behind that ends itself within this time. */
const LEAVING_MS_MAX = 2_500;
const LOOK_EVERY_MS = 200;

/** The data folder of a launcher, which holds it until the process ends. */
export type TakenFolder = { readonly dataDir: string; readonly simulatorDir: string };

/** Takes the data folder for one launcher. Its lock stands beside that of the database, which only the app holds: so a second demo is
 *  refused at once, also while the first still builds or seeds.
 *  Errors: conflict (another demo or development server has it). */
export async function takeFolder(dataDir: string): Promise<TakenFolder> {
  const simulatorDir = join(dataDir, "simulator");
  mkdirSync(simulatorDir, { recursive: true });
  await lockSoon(simulatorDir, dataDir);
  return { dataDir, simulatorDir };
}

/** Makes sure that nobody has the database open, and wipes the folder when `reset` says so or when an earlier seed was cut off. Returns
 *  whether it has to be seeded.
 *  Errors: conflict (a command or server has the database), precondition_failed (it holds a database that is not the demo's). */
export async function openFolder(folder: TakenFolder, reset: boolean, say: (line: string) => void): Promise<boolean> {
  const { dataDir } = folder;
  const database = await lockSoon(dataDir, dataDir);
  try {
    const state = reset ? null : readDemoState(dataDir);
    if (!reset && state === null && existsSync(join(dataDir, "database"))) {
      const remedy = "Move the folder away, or wipe it with: npm run demo -- --reset";
      throw new Refusal("precondition_failed", `${dataDir} holds a database that is not the demo's. ${remedy}`);
    }
    if (state?.state === "ready") return false;
    if (reset) say(`Wiping ${dataDir} …`);
    else if (state) say(`The last start was cut off while it made its data; wiping ${dataDir} …`);
    wipe(folder);
    writeDemoState(dataDir, { state: "seeding" });
    return true;
  } finally {
    database.release();
  }
}

async function lockSoon(folder: string, dataDir: string): Promise<{ release(): void }> {
  const giveUpAt = Date.now() + LEAVING_MS_MAX;
  for (;;) {
    try {
      return lockFolder(folder);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal?.code !== "conflict") throw error;
      if (Date.now() > giveUpAt) throw new Refusal("conflict", inUse(refusal.message, dataDir));
    }
    await pause(LOOK_EVERY_MS);
  }
}

function inUse(message: string, dataDir: string): string {
  const pid = /pid (\d+)/.exec(message)?.[1];
  const holder = pid ? `process ${pid}` : "another process";
  return `${dataDir} is in use: ${holder} runs Tributary on it. Stop that one first (Ctrl-C in its window), or use another folder: TRIBUTARY_DATA_DIR=.data-2`;
}

/** All but the two locks, which this process holds. */
function wipe({ dataDir, simulatorDir }: TakenFolder): void {
  for (const folder of [dataDir, simulatorDir]) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (path !== simulatorDir && name !== "lock") rmSync(path, { recursive: true, force: true });
    }
  }
}
