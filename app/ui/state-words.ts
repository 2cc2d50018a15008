import {
  Ban,
  Check,
  CheckCheck,
  CircleDashed,
  CircleDot,
  CircleX,
  Clock,
  Copy,
  FileX,
  Hourglass,
  Inbox,
  Layers,
  type LucideIcon,
  PencilLine,
  RotateCcw,
  Send,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import type { Tone } from "./tones";

type Words = { word: string; tone: Tone; icon: LucideIcon; means: string };

/** Every state a person may meet: its word, its hue, its icon and what it means. The same everywhere. */
const stateWords = {
  delivery: {
    accepted: { word: "Accepted", tone: "paid", icon: Check, means: "Stored, understood and counted." },
    waiting: { word: "Waiting", tone: "held", icon: Clock, means: "Stored; its effects come in a moment." },
    duplicate: {
      word: "Duplicate",
      tone: "neutral",
      icon: Copy,
      means: "Says what we knew already: stored, without effect.",
    },
    quarantined: {
      word: "Quarantined",
      tone: "held",
      icon: TriangleAlert,
      means: "Stored, but could not be understood. Replay it once the cause is fixed.",
    },
    refused: {
      word: "Refused",
      tone: "reversed",
      icon: Ban,
      means: "Not proven to come from the source, or too large.",
    },
  },
  conversion: {
    pending: {
      word: "Reported",
      tone: "held",
      icon: Inbox,
      means: "The source reported it and has not approved it yet.",
    },
    approved: { word: "Approved", tone: "paid", icon: Check, means: "The source approved it." },
    declined: { word: "Declined", tone: "reversed", icon: CircleX, means: "The source declined it: nothing is owed." },
    reversed: { word: "Reversed", tone: "reversed", icon: Undo2, means: "The source took it back after approving it." },
    parked: {
      word: "Parked",
      tone: "unknown",
      icon: CircleDashed,
      means: "Nobody is credited yet; waits for its click.",
    },
  },
  commission: {
    held: { word: "Held", tone: "held", icon: Hourglass, means: "Waits for approval and the end of its hold." },
    payable: { word: "Payable", tone: "payable", icon: CircleDot, means: "Goes into the next payout batch." },
    in_batch: { word: "In batch", tone: "transit", icon: Layers, means: "Part of a payout batch on its way." },
    paid: { word: "Paid", tone: "paid", icon: CheckCheck, means: "The money has arrived." },
    clawed_back: {
      word: "Clawed back",
      tone: "reversed",
      icon: Undo2,
      means: "Taken back after payout; set off against later earnings.",
    },
    void: { word: "Void", tone: "neutral", icon: FileX, means: "Nothing is owed any more." },
  },
  batch: {
    draft: { word: "Draft", tone: "held", icon: PencilLine, means: "Waits for approval; nothing is reserved yet." },
    approved: { word: "Paying", tone: "transit", icon: Send, means: "Approved; its payouts are on their way." },
    finished: { word: "Finished", tone: "paid", icon: CheckCheck, means: "Every payout has come to an end." },
    discarded: {
      word: "Discarded",
      tone: "neutral",
      icon: FileX,
      means: "Thrown away before approval; nothing was reserved.",
    },
  },
  payout: {
    planned: { word: "Planned", tone: "held", icon: PencilLine, means: "Part of a draft that waits for approval." },
    queued: { word: "Queued", tone: "transit", icon: Layers, means: "Approved; goes to the rail next." },
    submitting: { word: "Sending", tone: "transit", icon: Send, means: "Being handed to the rail." },
    submitted: { word: "Sent", tone: "transit", icon: Send, means: "The rail has it; it has not arrived yet." },
    paid: { word: "Paid", tone: "paid", icon: CheckCheck, means: "The rail says that the money has arrived." },
    failed: { word: "Failed", tone: "reversed", icon: CircleX, means: "Proven unpaid; the amount is payable again." },
    unclaimed: {
      word: "Unclaimed",
      tone: "unknown",
      icon: Clock,
      means: "Sent, but the receiver has not taken it yet.",
    },
    returned: {
      word: "Returned",
      tone: "reversed",
      icon: RotateCcw,
      means: "The money came back; the amount is payable again.",
    },
    reversed: { word: "Reversed", tone: "reversed", icon: Undo2, means: "The rail took it back after paying it." },
    unknown: {
      word: "Unknown",
      tone: "unknown",
      icon: CircleDashed,
      means: "We do not know whether it was paid: it is looked up before anything is sent again.",
    },
    canceled: {
      word: "Canceled",
      tone: "neutral",
      icon: Ban,
      means: "Taken out before it was sent; the amount is payable again.",
    },
  },
  mail: {
    queued: { word: "Queued", tone: "held", icon: Clock, means: "Written; goes out within a minute." },
    sending: { word: "Sending", tone: "transit", icon: Send, means: "Being handed to the mail server." },
    sent: { word: "Sent", tone: "paid", icon: CheckCheck, means: "The mail server took it." },
    failed: { word: "Failed", tone: "reversed", icon: CircleX, means: "The mail server did not take it." },
    unknown: {
      word: "Unknown",
      tone: "unknown",
      icon: CircleDashed,
      means: "It may have left; it is not sent again by itself.",
    },
  },
} as const satisfies Record<string, Record<string, Words>>;

/** The kinds of things that have states. */
export type StateOf = keyof typeof stateWords;

/** The words of one state; null for a state this version does not know. */
export function wordsOf(of: StateOf, state: string): Words | null {
  const words: Record<string, Words> = stateWords[of];
  return Object.hasOwn(words, state) ? (words[state] ?? null) : null;
}
