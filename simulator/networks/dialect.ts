import type { NetworkReport } from "./plan-reports";

/** A request ready to be sent. */
export type OutgoingRequest = {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** How one network words its reports. */
export type Dialect = {
  readonly name: string;
  /** Names under which its links may carry the click id out, likeliest first. */
  readonly subIdParameters: readonly string[];
  /** The request for a report; null where this network says nothing of such a change. `now` dates a signature. */
  encode(report: NetworkReport, clickRef: string, now: Date): OutgoingRequest | null;
};
