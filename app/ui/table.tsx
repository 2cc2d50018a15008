import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import { ThingLink } from "./thing-link";

/** A table with a name. Wide screens: its head sticks to the top of the page. Narrow ones: it scrolls sideways by itself, also by keyboard. */
export function Table({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="scroll-thin max-lg:overflow-x-auto">
      <table className={classNames("w-full border-separate border-spacing-0 text-13", className)}>{children}</table>
    </div>
  );
}

/** The head row: HeadCell inside. */
export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

/** A column's name. Amounts are `align="right"`. */
export function HeadCell({ align = "left", className, ...rest }: ComponentProps<"th"> & { align?: "left" | "right" }) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        "sticky top-0 z-20 h-8 whitespace-nowrap border-line border-b bg-ground px-3 font-medium text-12 text-ink-faint first:pl-1 last:pr-1",
        align === "right" ? "text-right" : "text-left",
        className,
      )}
    />
  );
}

/** A row of 40 px. `changed` tints it for 1.5 s: give the row a key that stays the same. */
export function TableRow({
  changed = false,
  selected = false,
  className,
  ...rest
}: ComponentProps<"tr"> & { changed?: boolean; selected?: boolean }) {
  return (
    <tr
      {...rest}
      aria-selected={selected || undefined}
      className={classNames(
        "group relative hover:bg-sunken/60 [&>td]:h-10",
        changed && "animate-changed",
        selected && "bg-accent-wash hover:bg-accent-wash",
        className,
      )}
    />
  );
}

/** A cell. */
export function Cell({ align = "left", className, ...rest }: ComponentProps<"td"> & { align?: "left" | "right" }) {
  return (
    <td
      {...rest}
      className={classNames(
        "whitespace-nowrap border-line border-b px-3 first:pl-1 last:pr-1",
        align === "right" && "text-right",
        className,
      )}
    />
  );
}

/** The link of a row's first cell: it covers the whole row, so that a click anywhere opens it, and the keyboard has one stop a row. */
export function RowLink({ className, ...rest }: ComponentProps<typeof ThingLink>) {
  return (
    <ThingLink
      {...rest}
      className={classNames(
        "font-medium after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent",
        className,
      )}
    />
  );
}
