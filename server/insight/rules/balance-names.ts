/** The four figures of a balance, as in CurrencyBalances. */
export const balanceNames = ["held", "payable", "inTransit", "paid"] as const;

export type BalanceName = (typeof balanceNames)[number];
