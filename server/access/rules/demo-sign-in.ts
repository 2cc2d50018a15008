import { elsewhere, type RequestPlace } from "./loopback";

/** What is known of a request for a one-click sign-in, and of the installation that got it. */
export type DemoSignInFacts = RequestPlace & {
  readonly mode: string;
  /** Whether DATABASE_URL is set. */
  readonly hasDatabaseUrl: boolean;
  /** Whether the database carries the mark of demo data. */
  readonly isMarkedDemo: boolean;
};

export type DemoSignInVerdict = { kind: "allowed" } | { kind: "refused"; reason: string };

/** Whether a person may sign in with one click. Only on a demo, only on demo data of its own, only from this very machine; any single
 *  doubt refuses, in words. */
export function demoSignIn(facts: DemoSignInFacts): DemoSignInVerdict {
  if (facts.mode !== "demo") return refused("one-click sign-in exists only in demo mode");
  if (facts.hasDatabaseUrl) return refused("one-click sign-in is off because DATABASE_URL is set");
  if (!facts.isMarkedDemo) return refused("one-click sign-in is off because this database is not marked as demo data");
  switch (elsewhere(facts)) {
    case "host":
      return refused(`one-click sign-in works only at localhost, not at "${facts.host ?? "no host"}"`);
    case "address":
      return refused("one-click sign-in works only from this machine, and the request came from another");
    case "origin":
      return refused(`one-click sign-in cannot be asked for by a page of "${facts.origin}"`);
    case null:
      return { kind: "allowed" };
  }
}

function refused(reason: string): DemoSignInVerdict {
  return { kind: "refused", reason };
}
