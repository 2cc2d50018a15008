export { createSource, type NewSource } from "./create-source";
export { listSources, type Source } from "./queries";
