import { Refusal } from "@/server/errors";
import { awin } from "./awin";
import { generic } from "./generic";
import type { Network } from "./network";

export { dedupeKeyOf, fingerprintOf } from "./fingerprint";
export type { Network, NetworkStatus, ParsedRequest, RawRequest, Report, SourceSettings } from "./network";
export { type SignatureCheck, verifySignature } from "./signature";

/** Every kind of source that can be connected. */
export const networks: readonly Network[] = [generic, awin];

/** The network of that name. Errors: not_found. */
export function networkNamed(name: string): Network {
  const network = networks.find((candidate) => candidate.name === name);
  if (!network) {
    const known = networks.map((candidate) => candidate.name).join(", ");
    throw new Refusal("not_found", `no network is called "${name}"; there are ${known}`);
  }
  return network;
}
