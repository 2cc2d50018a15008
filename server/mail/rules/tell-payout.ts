import type { Money } from "@/server/money";
import { destinationWords } from "./rail-words";
import { STAGES, type Stage, type Told } from "./told";

/** What one payout did to the affiliate's payable balance in a period. */
export type PayoutStory = {
  payoutId: string;
  amount: Money;
  rail: string;
  receiver: string;
  state: string;
  /** What the affiliate alone can mend about it, in our words; null when there is nothing. */
  fault: string | null;
  /** Its amount is on its way again, in another payout of the same period, which has a story of its own. */
  isRetried: boolean;
  /** Change of the payable balance: negative when the money left it, positive when it came back, 0 when both happened. */
  change: Money;
};

/** A balance moved for another cause than a commission or a payout: a correction by the operator. */
export type CorrectionStory = { causeId: string; held: Money; payable: Money };

/** What happened to one payout, and what comes next. Said from its state: what a rail or an operator wrote about it is not for its payee, and may be
 *  about somebody else's payout in the same submission. */
export function tellPayout(story: PayoutStory): Told {
  const { amount, state, fault, isRetried } = story;
  const title = `Payout to ${destinationWords(story.rail, story.receiver)}`;
  if (story.change.minor < 0n) {
    const isPaid = state === "paid";
    return {
      title,
      happened: [amount, " left your payable balance and was sent on its way."],
      next: [isPaid ? "It has arrived; a mail of its own says so." : "You get a mail when it has arrived."],
      stage: stageOf(state),
    };
  }
  const what = WHAT_HAPPENED[state] ?? "could not be paid";
  const because = fault === null ? "" : `: ${fault}`;
  if (isRetried) {
    const happened = [amount, ` ${what}${because}. It is sent once more, as a new payout.`];
    return { title, happened, next: ["You have nothing to do."], stage: null };
  }
  const happened = [amount, ` ${what} and is in your payable balance again${because}.`];
  const stage = { reached: 4, of: STAGES, label: "Payable · in the next payout", isEnded: false };
  return { title, happened, next: ["It goes into your next payout."], stage };
}

const WHAT_HAPPENED: Readonly<Record<string, string>> = {
  failed: "could not be paid",
  returned: "came back",
  reversed: "was taken back after it was paid",
  canceled: "was not sent",
};

/** What a correction moved. */
export function tellCorrection({ causeId, held, payable }: CorrectionStory): Told {
  const happened = ["held balance changed by ", held, ", payable balance by ", payable, "."];
  return { title: `Correction ${causeId}`, happened, next: ["Your next payout includes it."], stage: null };
}

function stageOf(state: string): Stage {
  const at = (reached: number, label: string) => ({ reached, of: STAGES, label, isEnded: false });
  if (state === "paid") return at(7, "Paid");
  return state === "queued" || state === "submitting" ? at(5, "In batch") : at(6, "Sent");
}
