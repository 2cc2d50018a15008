import type { AmountFormat, Money } from "@/server/money";

/** The raw inbound request as it was stored: enough to understand it again years later. */
export type RawRequest = {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** What the operator told us about a source, as far as a network needs it to read a request. */
export type SourceSettings = {
  readonly amountFormat: AmountFormat;
  /** Used when a request names no currency; null means that a request must name one. */
  readonly defaultCurrency: string | null;
  /** With which status a conversion begins whose first report has no status word. */
  readonly defaultStatus: NetworkStatus;
};

export type NetworkStatus = "pending" | "approved" | "declined" | "reversed";

/** What a source said once about one conversion. A field left out says nothing: what we hold stays. */
export type Report = {
  /** The source's own id of the conversion. */
  readonly externalId: string;
  readonly status?: NetworkStatus;
  /** The status with which a conversion begins when its first report names none; "pending" when this is left out too. */
  readonly defaultStatus?: NetworkStatus;
  readonly sale?: Money;
  /** What the network pays the operator. */
  readonly reward?: Money;
  /** The value of the network's sub-id parameter that carries our click id. */
  readonly clickRef?: string;
  /** Other sub-ids, by the network's name for them. */
  readonly subIds: Readonly<Record<string, string>>;
  /** When the sale happened, by the source's clock; absent when it does not say. */
  readonly occurredAt?: Date;
  /** Where the dialect has an order of its own: sorts as text. Absent: arrival order counts. */
  readonly orderingKey?: string;
};

export type ParsedRequest = { kind: "reports"; reports: Report[] } | { kind: "unreadable"; reason: string };

/** One kind of source. Pure: a request in, reports out; no database, no clock. */
export type Network = {
  readonly name: string;
  readonly title: string;
  /** The parameter of the network's own links that carries our click id out, and returns it in `clickRef`. */
  readonly subIdParameter: string;
  /** Template of the postback URL to paste into the network, after our own address. */
  readonly postbackTemplate: string;
  parseRequest(request: RawRequest, settings: SourceSettings): ParsedRequest;
};
