/** What is known of a request for the outbox, and of the installation that got it. */
export type OutboxRequest = {
  readonly mode: string;
  readonly host: string | null;
  /** The request's `x-forwarded-for`: Next fills it with the address of the socket where no proxy did. */
  readonly forwardedFor: string | null;
};

/** Whether the outbox may be read without signing in: only in demo and development, and only from this very machine. */
export function mayReadOutbox({ mode, host, forwardedFor }: OutboxRequest): boolean {
  if (mode !== "demo" && mode !== "development") return false;
  if (host === null || !LOOPBACK_NAMES.includes(host.replace(/:\d+$/, "").toLowerCase())) return false;
  return forwardedFor === null || forwardedFor.split(",").every((address) => LOOPBACK_ADDRESS.test(address.trim()));
}

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** All of 127.0.0.0/8 is this machine; IPv6 may show it mapped. */
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
