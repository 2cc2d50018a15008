import { prove as bank } from "./bank";
import { prove as doublePay } from "./double-pay";
import { prove as dup } from "./dup";
import type { Prove } from "./figure";
import { prove as lost } from "./lost";
import { prove as money } from "./money";
import { prove as unknown } from "./unknown";

/** Every figure that `npm run prove` measures. */
export const proofs: Readonly<Record<string, Prove>> = { dup, "double-pay": doublePay, lost, unknown, money, bank };
