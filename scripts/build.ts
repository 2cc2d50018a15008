import { refusalIn } from "@/server/errors";
import { build } from "./demo/build-when-needed";

// `npm run build`. A demo or test on the same sources builds no second time.
try {
  await build();
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}
