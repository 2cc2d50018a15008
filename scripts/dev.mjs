// `npm run dev`: the demo's data under a server that follows the sources. Plain JavaScript up to the moment when packages are there.
import { install } from "./install.mjs";

install();
const { register } = await import("tsx/esm/api");
register();
const { launchDev } = await import("./demo/launch-dev.ts");
await launchDev(process.argv.slice(2));
