import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fingerprint, reasonToBuild } from "@/scripts/demo/build-when-needed";
import { buildNext } from "./servers";

/** The Next app of a single route that does nothing. */
export const DO_NOTHING = "bench/do-nothing";

const SOURCES = ["app", "instrumentation.js", "next.config.js"].map((name) => `${DO_NOTHING}/${name}`);
const NEXT = "node_modules/next/package.json";
const STAMP = `${DO_NOTHING}/.next/tributary-sources`;

/** Builds it unless the build at hand is of these sources and of the Next that is installed: beside the product's route on another Next
 *  it would be no baseline.
 *  Errors: what `next build` said. */
export async function buildDoNothing(): Promise<void> {
  const sources = fingerprint([...SOURCES, NEXT]);
  const reason = reasonToBuild({
    isThere: existsSync(`${DO_NOTHING}/.next/BUILD_ID`),
    builtFrom: existsSync(STAMP) ? readFileSync(STAMP, "utf8") : null,
    sources,
  });
  if (reason === null) return;
  await buildNext(DO_NOTHING);
  writeFileSync(STAMP, sources);
}
