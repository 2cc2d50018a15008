import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A key to press. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={classNames(
        "inline-flex h-5 min-w-5 items-center justify-center rounded-1 border border-current/25 px-1 font-sans text-12 leading-none",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
