// `npm run demo`: everything on one machine, with data to look at. Plain JavaScript up to the moment when packages are there.
import { install } from "./install.mjs";

install();
const { register } = await import("tsx/esm/api");
register();
const { launchDemo } = await import("./demo/launch-demo.ts");
await launchDemo(process.argv.slice(2));
