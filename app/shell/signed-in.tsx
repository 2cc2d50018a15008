import type { ReactNode } from "react";
import { ActivityProvider } from "@/app/live/activity-provider";
import { QueryProvider } from "@/app/trpc/provider";
import type { Area } from "./navigation";
import { Shell } from "./shell";
import { ShortcutsProvider } from "./shortcuts";

/** What every signed-in screen stands in: data, the one event stream of the tab, keys, and the frame. */
export function SignedIn({
  area,
  name,
  who,
  children,
}: {
  area: Area;
  name: string;
  who: string;
  children: ReactNode;
}) {
  return (
    <QueryProvider>
      <ActivityProvider>
        <ShortcutsProvider>
          <Shell area={area} name={name} who={who}>
            {children}
          </Shell>
        </ShortcutsProvider>
      </ActivityProvider>
    </QueryProvider>
  );
}
