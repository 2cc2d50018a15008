import type { Rail } from "@/server/rails";
import type { Terms } from "./rules/validators";

/** What the connected rails would refuse, for planning: a rail that is not connected refuses everything. */
export function railRefuses(rails: readonly Rail[]): Terms["railRefuses"] {
  return ({ rail: name, ...item }) => {
    const rail = rails.find((connected) => connected.name === name);
    return rail ? rail.refuses(item) : "it is not connected";
  };
}
