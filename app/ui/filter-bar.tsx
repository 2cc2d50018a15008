import type { ReactNode } from "react";

/** The filters above a list, side by side: FilterChips, OrderFilter. */
export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-end gap-x-6 gap-y-3 pb-3">{children}</div>;
}
