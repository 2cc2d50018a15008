import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A titled part of a screen or drawer, set off by a hairline. */
export function Section({
  title,
  aside,
  children,
  className,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classNames("border-line border-t pt-3", className)}>
      <div className="mb-2 flex min-h-6 items-center justify-between gap-4">
        <h2 className="font-medium text-13 text-ink-soft">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
