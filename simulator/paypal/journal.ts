import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** An append-only list of JSON lines. */
export type Journal<Entry> = {
  /** What earlier processes wrote, oldest first. */
  readonly earlier: readonly Entry[];
  /** Returns after the operating system has the whole line: killing this process cannot lose it. */
  append(entry: Entry): void;
  close(): void;
};

/** Opens the file at `path`, or keeps nothing when there is none. A torn last line (killed while writing) was never
 *  answered to anybody and is cut off.  Errors: an unreadable line elsewhere, named by file and number. */
export function openJournal<Entry>(path: string | undefined): Journal<Entry> {
  if (path === undefined) return { earlier: [], append: () => {}, close: () => {} };
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const file = openSync(path, "a");
  if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
  return {
    earlier: parseLines<Entry>(path, whole),
    append(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      for (let written = 0; written < line.length; ) written += writeSync(file, line, written);
    },
    close: () => closeSync(file),
  };
}

function parseLines<Entry>(path: string, text: string): Entry[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line) as Entry;
      } catch {
        throw new Error(`books ${path}, line ${index + 1} is not JSON; move the file away to start with empty books`);
      }
    });
}
