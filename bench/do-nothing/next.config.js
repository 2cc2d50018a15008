import { join } from "node:path";

export default {
  poweredByHeader: false,
  // The same Next as the product's: there is one node_modules.
  turbopack: { root: join(import.meta.dirname, "..", "..") },
};
