import { prove as bank } from "./bank";
import { prove as doublePay } from "./double-pay";
import { prove as dup } from "./dup";
import type { Prove } from "./figure";
import { prove as money } from "./money";

/** Every figure that `npm run prove` measures. */
export const proofs: Readonly<Record<string, Prove>> = { dup, "double-pay": doublePay, money, bank };
