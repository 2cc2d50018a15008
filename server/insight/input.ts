import { z } from "zod";
import { balanceNames } from "./rules/balance-names";

/** Which balance, and where its next page of lines begins. */
export const balanceLinesInput = z.object({
  balance: z.enum(balanceNames),
  currency: z.string().regex(/^[A-Z]{3}$/),
  cursor: z
    .string()
    .regex(/^(ent|pay)_\w+$/)
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
