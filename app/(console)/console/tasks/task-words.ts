import type { RouterOutput } from "@/server/trpc/router";

/** An open task as the list gives it. */
export type Task = RouterOutput["tasks"]["list"]["rows"][number];

/** What a task is about, and what a person does about it. */
export const taskWords: Record<Task["kind"], { title: string; todo: (rail: string) => string }> = {
  payout_unknown: {
    title: "Outcome not known",
    todo: (rail) => `Look it up at ${rail} by hand; nothing of it is sent again before its outcome is known.`,
  },
  payout_accepted_twice: {
    title: "Accepted twice",
    todo: (rail) => `Look up both batches at ${rail}. If money has left twice, ask for it back there; then close this.`,
  },
  payout_waiting: {
    title: "Refused for now",
    todo: (rail) =>
      `Put right at ${rail} what it asks for. The same payouts are sent again every hour until it takes them.`,
  },
  payout_returned: {
    title: "Money came back",
    todo: () => "The amount is payable again: retry it from its batch, or leave it to the next one.",
  },
  payout_failed: {
    title: "Could not be paid",
    todo: () => "The amount is payable again: retry it from its batch, or leave it to the next one.",
  },
};

/** The names under which evidence is kept, in words, in the order in which it is read. What the row itself shows is not among them. */
export const evidenceWords: readonly [name: string, words: string][] = [
  ["reason", "What is known"],
  ["providerStatus", "The rail's word"],
  ["providerBatch", "The rail's batch"],
  ["key", "Our key there"],
  ["firstSentAt", "First sent"],
  ["payouts", "Payouts"],
];
