/** What is known of a request for a one-click sign-in, and of the installation that got it. */
export type DemoSignInFacts = {
  readonly mode: string;
  /** Whether DATABASE_URL is set. */
  readonly hasDatabaseUrl: boolean;
  /** Whether the database carries the mark of demo data. */
  readonly isMarkedDemo: boolean;
  readonly host: string | null;
  /** The request's `x-forwarded-for`: Next fills it with the address of the socket where no proxy did. */
  readonly forwardedFor: string | null;
  /** The page that asked, where the browser says so. */
  readonly origin: string | null;
};

export type DemoSignInVerdict = { kind: "allowed" } | { kind: "refused"; reason: string };

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a person may sign in with one click. Only on a demo, only on demo data of its own, only from this very machine; any single
 *  doubt refuses, in words. */
export function demoSignIn(facts: DemoSignInFacts): DemoSignInVerdict {
  if (facts.mode !== "demo") return refused("one-click sign-in exists only in demo mode");
  if (facts.hasDatabaseUrl) return refused("one-click sign-in is off because DATABASE_URL is set");
  if (!facts.isMarkedDemo) return refused("one-click sign-in is off because this database is not marked as demo data");
  if (!isLoopbackHost(facts.host)) {
    return refused(`one-click sign-in works only at localhost, not at "${facts.host ?? "no host"}"`);
  }
  if (facts.forwardedFor !== null && !facts.forwardedFor.split(",").every(isLoopbackAddress)) {
    return refused("one-click sign-in works only from this machine, and the request came from another");
  }
  if (facts.origin !== null && !isLoopbackOrigin(facts.origin)) {
    return refused(`one-click sign-in cannot be asked for by a page of "${facts.origin}"`);
  }
  return { kind: "allowed" };
}

function isLoopbackHost(host: string | null): boolean {
  return host !== null && LOOPBACK_NAMES.includes(host.replace(/:\d+$/, "").toLowerCase());
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_NAMES.includes(new URL(origin).hostname);
}

/** All of 127.0.0.0/8 is this machine; IPv6 may show it mapped. */
function isLoopbackAddress(address: string): boolean {
  const plain = address.trim().replace(/^::ffff:/i, "");
  return plain === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

function refused(reason: string): DemoSignInVerdict {
  return { kind: "refused", reason };
}
