import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TSX = pathToFileURL(resolve("node_modules/tsx/dist/loader.mjs")).href;

/** Runs a script of `scripts/` to its end, as npm does, but in `folder` and with no variables but these: a `.env` or a setting of whoever
 *  runs the tests must not decide what they see. */
export async function runScript(
  script: string,
  { folder, args = [], variables = {} }: { folder: string; args?: string[]; variables?: Record<string, string> },
): Promise<{ code: number | null; said: string }> {
  const { PATH = "", HOME = "", SystemRoot = "" } = process.env;
  const child = spawn(process.execPath, ["--import", TSX, resolve("scripts", script), ...args], {
    cwd: folder,
    env: withoutNodeEnv({ PATH, HOME, SystemRoot, TSX_TSCONFIG_PATH: resolve("tsconfig.json"), ...variables }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const [code] = await once(child, "close");
  return { code, said };
}

/** Next types every environment to hold NODE_ENV; here its absence is the point. */
function withoutNodeEnv(variables: Record<string, string>): NodeJS.ProcessEnv {
  return variables as unknown as NodeJS.ProcessEnv;
}
