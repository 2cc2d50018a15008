import type { Env } from "@/server/env";
import { createPayPal, type Rail } from "@/server/rails";

/** The rails that this installation has credentials for. */
export function connectedRails({ paypal }: Pick<Env, "paypal">): Rail[] {
  return paypal.credentials === null ? [] : [createPayPal({ baseUrl: paypal.baseUrl, ...paypal.credentials })];
}
