import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";

/** How Playwright starts the browser: `launchOptions` of its config, or the argument of `chromium.launch`. */
export type ChromiumLaunch = { executablePath: string; args: string[]; env?: Record<string, string> };

/** The first Chromium of: CHROMIUM_PATH, Playwright's own, one that is installed where each system has it, and on Linux for Intel the
 *  one inside @sparticuz/chromium (unpacked once to a versioned folder of the temp directory, with the libraries and fonts it brings).
 *  Errors: CHROMIUM_PATH names no file, or there is none; a browser test is never skipped for want of a browser. */
export function findChromium(): ChromiumLaunch {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, where there is no file`);
  const places = [named, chromium.executablePath(), ...installedPlaces(process.platform, process.env)];
  const installed = places.find((path) => path && existsSync(path) && !isSnapStub(path));
  // Root has no user namespace to build a sandbox in. More arguments hurt: --single-process ends the browser when one of several
  // contexts closes.
  if (installed) return { executablePath: installed, args: ["--no-sandbox"] };
  refuseWithoutBundle(process.platform, process.arch);
  return bundledChromium();
}

/** Where installers put Chromium, Chrome and Edge, the first choice first. */
export function installedPlaces(platform: string, variables: Readonly<Record<string, string | undefined>>): string[] {
  switch (platform) {
    case "darwin":
      return [variables.HOME, ""].flatMap((home) =>
        ["Google Chrome", "Chromium", "Microsoft Edge"].map(
          (name) => `${home ?? ""}/Applications/${name}.app/Contents/MacOS/${name}`,
        ),
      );
    case "win32":
      return [variables.PROGRAMFILES, variables["PROGRAMFILES(X86)"], variables.LOCALAPPDATA].flatMap((folder) =>
        folder
          ? [
              `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
              `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
            ]
          : [],
      );
    default:
      return ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(
        (name) => `/usr/bin/${name}`,
      );
  }
}

/** @sparticuz/chromium is one program, for Linux on Intel.
 *  Errors: any other machine. */
export function refuseWithoutBundle(platform: string, arch: string): void {
  if (platform === "linux" && arch === "x64") return;
  throw new Error(
    `no Chrome or Chromium was found, and none for ${platform}-${arch} comes with the packages: install Chrome or set CHROMIUM_PATH`,
  );
}

/** Ubuntu's package is a script that asks to install the snap. */
function isSnapStub(path: string): boolean {
  const isScript = path === "/usr/bin/chromium-browser" && statSync(path).size < 10_000;
  return isScript && readFileSync(path, "utf8").includes("snap install") && !existsSync("/snap/bin/chromium");
}

function bundledChromium(): ChromiumLaunch {
  const folder = unpacked();
  return {
    executablePath: join(folder, "chromium"),
    args: ["--no-sandbox"],
    // For the browser alone: other children would load these libraries instead of their own.
    env: {
      ...definedEnvironment(),
      LD_LIBRARY_PATH: [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/** In a child with a temp directory of its own: the package writes its variables into the process that imports it, and takes
 *  any file named `chromium` in the temp directory for its own. */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync("node_modules/@sparticuz/chromium/package.json", "utf8"));
  const folder = join(tmpdir(), `tributary-chromium-${version}`);
  if (existsSync(folder)) {
    if (process.getuid && statSync(folder).uid !== process.getuid()) {
      throw new Error(`${folder} belongs to someone else: remove it, or set CHROMIUM_PATH`);
    }
    return folder;
  }
  const draft = mkdtempSync(`${folder}-`);
  const script = `import("@sparticuz/chromium").then(({ default: chromium }) => chromium.executablePath())`;
  execFileSync(process.execPath, ["-e", script], {
    env: { ...process.env, TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(join(draft, "fonts.conf"), fontsOf(folder));
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error; // else: a neighbour was faster
  }
  return folder;
}

/** The package's own configuration looks for its fonts in /tmp/fonts; a machine may have none itself. */
function fontsOf(folder: string): string {
  const folders = ["/usr/share/fonts", "/usr/local/share/fonts", join(folder, "fonts")];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((path) => `  <dir>${path}</dir>`).join("\n")}
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
