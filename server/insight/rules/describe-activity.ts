import { type Money, parseAmount } from "@/server/money";

/** A row of the activity stream, as far as its words need it. */
export type Deed = {
  readonly kind: string;
  readonly subjectId: string;
  readonly details: Readonly<Record<string, string | null>>;
};

/** The hue that a deed is told in: that of the state it leads to. */
export type DeedTone = "held" | "payable" | "transit" | "paid" | "reversed" | "unknown" | "neutral";

export type Description = {
  /** What happened, as one sentence without its amount. */
  sentence: string;
  tone: DeedTone;
  /** The amount it is about; null where none was named. */
  amount: Money | null;
};

type Telling = { say: (told: Told) => string; tone: DeedTone };

/** The parts of a deed that sentences are made of. */
type Told = { order: string; source: string; reason: string; detail: (name: string) => string | null };

const TELLINGS: Readonly<Record<string, Telling>> = {
  "conversion.pending": { tone: "held", say: ({ source, order }) => `${source} reported ${order}` },
  "conversion.approved": { tone: "paid", say: ({ source, order }) => `${source} approved ${order}` },
  "conversion.declined": { tone: "reversed", say: ({ source, order }) => `${source} declined ${order}` },
  "conversion.reversed": { tone: "reversed", say: ({ source, order }) => `${source} took back ${order}` },
  "conversion.changed": { tone: "held", say: ({ source, order }) => `${source} changed ${order}` },
  "conversion.attributed": {
    tone: "payable",
    say: ({ order, detail }) => `The affiliate of ${order} was found${foundBy(detail("via"))}`,
  },
  "commission.accrue": { tone: "held", say: ({ order }) => `The commission on ${order} was earned and is held` },
  "commission.adjust": { tone: "held", say: ({ order }) => `The commission on ${order} changed with it` },
  "commission.approve": {
    tone: "held",
    say: ({ order }) => `The commission on ${order} was approved and waits for the end of its hold`,
  },
  "commission.unapprove": {
    tone: "held",
    say: ({ order }) =>
      `The approval of the commission on ${order} was withdrawn: it is held until the source approves again`,
  },
  "commission.confirm": { tone: "held", say: ({ order }) => `The commission on ${order} was confirmed by the source` },
  "commission.decline": { tone: "reversed", say: ({ order }) => `The commission on ${order} ended: it was declined` },
  "commission.reverse": { tone: "reversed", say: ({ order }) => `The commission on ${order} was taken back` },
  "commission.reinstate": { tone: "held", say: ({ order }) => `The commission on ${order} is owed again` },
  "commission.release": {
    tone: "payable",
    say: ({ order }) => `The hold on ${order} ended: its commission is payable`,
  },
  "delivery.duplicate": { tone: "neutral", say: ({ source }) => `A repeat of ${source} was stored, without effect` },
  "delivery.refused": { tone: "reversed", say: ({ source, reason }) => `A delivery of ${source} was refused${reason}` },
  "delivery.quarantined": {
    tone: "held",
    say: ({ source, reason }) => `A delivery of ${source} was quarantined${reason}`,
  },
  "delivery.replayed": {
    tone: "neutral",
    say: ({ source, detail, reason }) =>
      detail("result") === "accepted"
        ? `A delivery of ${source} was replayed and accepted`
        : `A delivery of ${source} was replayed and stays in quarantine${reason}`,
  },
  "batch.planned": { tone: "held", say: () => "A payout batch was planned and waits for approval" },
  "batch.approved": { tone: "transit", say: () => "A payout batch was approved" },
  "batch.discarded": { tone: "neutral", say: () => "A payout batch was discarded" },
  "batch.finished": { tone: "paid", say: () => "A payout batch finished" },
  "payout.queued": { tone: "transit", say: () => "A payout is queued" },
  "payout.submitting": { tone: "transit", say: () => "A payout is being sent" },
  "payout.submitted": { tone: "transit", say: () => "A payout was sent" },
  "payout.paid": { tone: "paid", say: () => "A payout was paid" },
  "payout.failed": { tone: "reversed", say: ({ reason }) => `A payout failed${reason}` },
  "payout.unclaimed": { tone: "unknown", say: () => "A payout was sent, but nobody has taken it yet" },
  "payout.returned": { tone: "reversed", say: ({ reason }) => `A payout came back${reason}` },
  "payout.reversed": { tone: "reversed", say: ({ reason }) => `A payout was reversed by the rail${reason}` },
  "payout.unknown": {
    tone: "unknown",
    say: () => "A payout is unknown: it is looked up before anything is sent again",
  },
  "payout.canceled": { tone: "neutral", say: () => "A payout was canceled before it was sent" },
  "payout.retried": { tone: "transit", say: () => "A failed payout is tried again" },
};

/** A deed in words. Kinds that this version does not know are told by their own name, never dropped. `sources` names sources by id. */
export function describeActivity(deed: Deed, sources: ReadonlyMap<string, string>): Description {
  const telling = TELLINGS[deed.kind];
  const detail = (name: string) => deed.details[name] ?? null;
  const sourceId = detail("source");
  const order = detail("order");
  const reason = detail("reason") ?? detail("parked");
  const told: Told = {
    order: order === null ? "a conversion" : `order ${shorten(order)}`,
    source: (sourceId === null ? undefined : sources.get(sourceId)) ?? "A source",
    reason: reason === null ? "" : `: ${reason}`,
    detail,
  };
  const isParked = deed.kind.startsWith("conversion.") && detail("parked") !== null;
  const sentence = telling ? telling.say(told) : deed.kind.replace(".", " ").replaceAll("_", " ");
  return {
    sentence: isParked ? `${sentence}; nobody is credited yet` : sentence,
    tone: isParked ? "unknown" : (telling?.tone ?? "neutral"),
    amount: amountIn(detail("amount"), detail("currency")),
  };
}

function foundBy(via: string | null): string {
  if (via === null) return "";
  return via === "click" ? " by its click" : " by its sub-id";
}

/** An order id may be as long as a request. */
function shorten(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

function amountIn(decimal: string | null, currency: string | null): Money | null {
  if (decimal === null || currency === null) return null;
  const parsed = parseAmount(decimal.replace(/^-/, ""), currency);
  if (parsed.kind === "unreadable") return null;
  return decimal.startsWith("-") ? { minor: -parsed.amount.minor, currency } : parsed.amount;
}
