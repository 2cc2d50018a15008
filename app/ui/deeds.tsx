"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Deed } from "@/server/access";

/** Why not, for each deed that the reader's role does not allow. */
export type DeedRefusals = { readonly [D in Deed]?: string };

const RefusalsContext = createContext<DeedRefusals>({});

export function DeedsProvider({ refusals, children }: { refusals: DeedRefusals; children: ReactNode }) {
  return <RefusalsContext value={refusals}>{children}</RefusalsContext>;
}

/** Why the reader may not do it, as a sentence; undefined when he may. The server asks again: this is for the eye. */
export function useDeedRefusal(deed: Deed): string | undefined {
  return useContext(RefusalsContext)[deed];
}

/** What only some roles may do: for the others the reason stands in its place. */
export function OnlyWhoMay({ deed, children }: { deed: Deed; children: ReactNode }) {
  const refusal = useDeedRefusal(deed);
  return refusal === undefined ? children : <p className="text-13 text-ink-soft">{refusal}</p>;
}
