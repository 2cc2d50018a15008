export { createSource, type NewSource } from "./create-source";
