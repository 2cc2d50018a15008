import type { Money } from "@/server/money";
import { destinationWords } from "./rail-words";
import { type Phrase, STAGES, type Stage, type Told } from "./told";

/** What one payout did to the affiliate's payable balance in a period. */
export type PayoutStory = {
  payoutId: string;
  amount: Money;
  rail: string;
  receiver: string;
  state: string;
  /** Why it stands where it stands, in words; null when there is nothing to say. */
  reason: string | null;
  /** Change of the payable balance: negative when the money left it, positive when it came back, 0 when both happened. */
  change: Money;
};

/** A balance moved for another cause than a commission or a payout: a correction by the operator. */
export type CorrectionStory = { causeId: string; held: Money; payable: Money };

/** What happened to one payout, and what comes next. */
export function tellPayout(story: PayoutStory): Told {
  const destination = destinationWords(story.rail, story.receiver);
  const title = `Payout to ${destination}`;
  if (story.change.minor < 0n) {
    const isPaid = story.state === "paid";
    return {
      title,
      happened: [story.amount, " left your payable balance and was sent on its way."],
      next: [isPaid ? "It has arrived; a mail of its own says so." : "You get a mail when it has arrived."],
      stage: stageOf(story.state),
    };
  }
  const because = story.reason ? `: ${withoutStop(story.reason)}.` : ".";
  const happened: Phrase = [story.amount, ` could not be paid and is in your payable balance again${because}`];
  const stage = { reached: 4, of: STAGES, label: "Payable · in the next payout", isEnded: false };
  return { title, happened, next: ["It goes into your next payout."], stage };
}

/** What a correction moved. */
export function tellCorrection({ causeId, held, payable }: CorrectionStory): Told {
  const happened: Phrase = ["held balance changed by ", held, ", payable balance by ", payable, "."];
  return { title: `Correction ${causeId}`, happened, next: ["Your next payout includes it."], stage: null };
}

function stageOf(state: string): Stage {
  const at = (reached: number, label: string) => ({ reached, of: STAGES, label, isEnded: false });
  if (state === "paid") return at(7, "Paid");
  return state === "queued" || state === "submitting" ? at(5, "In batch") : at(6, "Sent");
}

function withoutStop(reason: string): string {
  return reason.replace(/\.+$/, "");
}
