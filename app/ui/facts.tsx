import type { ReactNode } from "react";

/** Names and values side by side: what is known of one thing. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-1.5 text-13">{children}</dl>;
}

/** One name with its value. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="min-h-6 py-0.5 text-ink-faint">{name}</dt>
      <dd className="min-h-6 min-w-0 break-words py-0.5">{children}</dd>
    </>
  );
}
