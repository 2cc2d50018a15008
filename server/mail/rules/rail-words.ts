import { maskReceiver } from "./mask-receiver";

const ACCOUNTS: Readonly<Record<string, string>> = { paypal: "PayPal account" };

/** Where a payout goes, in words: "your PayPal account ja…@example.com". */
export function destinationWords(rail: string, receiver: string): string {
  return `your ${ACCOUNTS[rail] ?? "account"} ${maskReceiver(receiver)}`;
}
