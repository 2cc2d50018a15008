import { writeFileSync } from "node:fs";
import { importOverrides } from "./import-rules";

writeFileSync("biome.imports.json", `${JSON.stringify({ overrides: importOverrides() }, null, 2)}\n`);
