/** What is known of where a request came from. */
export type RequestPlace = {
  readonly host: string | null;
  /** The request's `x-forwarded-for`: Next fills it with the address of the socket where no proxy did. */
  readonly forwardedFor: string | null;
  /** The page that asked, where the browser says so. */
  readonly origin: string | null;
};

/** Why a request does not count as one of this machine: it asked for another name, came from another address, or for a page of another site. */
export type Elsewhere = "host" | "address" | "origin";

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** All of 127.0.0.0/8 is this machine; IPv6 may show it mapped. */
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;

/** Whether a request came from this very machine, by name and by address, and for a page of it: null when it did, otherwise what speaks
 *  against it. Every address on the way must be this machine's. */
export function elsewhere({ host, forwardedFor, origin }: RequestPlace): Elsewhere | null {
  if (host === null || !LOOPBACK_NAMES.includes(host.replace(/:\d+$/, "").toLowerCase())) return "host";
  if (forwardedFor?.split(",").some((address) => !LOOPBACK_ADDRESS.test(address.trim()))) return "address";
  if (origin !== null && !(URL.canParse(origin) && LOOPBACK_NAMES.includes(new URL(origin).hostname))) return "origin";
  return null;
}
