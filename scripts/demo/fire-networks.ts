import { awinDialect } from "@/simulator/networks/awin";
import { fire } from "@/simulator/networks/fire";
import { genericDialect } from "@/simulator/networks/generic";
import type { LiveSource } from "./demo-state";

/** In percent. */
const HABITS = { duplicates: 10, disorder: 5, strays: 2 };

/** Lets the simulated networks of the demo report to the app, with repeats, disorder, late decisions and reversals, until stopped.
 *  `perSecond` counts the reports of all of them together. */
export async function fireNetworks(
  sources: readonly LiveSource[],
  { appUrl, perSecond, signal }: { appUrl: string; perSecond: number; signal: AbortSignal },
): Promise<void> {
  // Every start is another day with other purchases.
  const today = Math.floor(Date.now() / 1000);
  await Promise.all(
    sources.map((source, index) => {
      const url = `${appUrl}/api/postbacks/${source.token}`;
      const { habits: seed, secret } = source;
      return fire({
        ...HABITS,
        dialect:
          source.dialect === "awin" ? awinDialect({ url }) : genericDialect({ url, seed, secret: secret ?? undefined }),
        rate: perSecond / sources.length,
        seed: today + index * 1_000_003,
        currency: source.currency,
        idPrefix: `${source.name}-${today.toString(36)}`,
        links: source.slugs.map((slug) => `${appUrl}/go/${slug}`),
        signal,
      });
    }),
  );
}
