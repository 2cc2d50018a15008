import type { ReactNode } from "react";
import { CodeBlock } from "./copy";

/** Where nothing is yet: what belongs here, the next step, and where it helps a command that makes the first one. */
export function EmptyState({
  title,
  children,
  curl,
  listening,
}: {
  title: string;
  children: ReactNode;
  curl?: string;
  /** "Listening for your first postback": the screen fills by itself. */
  listening?: string;
}) {
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center gap-3 px-4 py-14 text-center">
      <h2 className="font-medium text-16">{title}</h2>
      <div className="max-w-[56ch] text-14 text-ink-soft">{children}</div>
      {curl && <CodeBlock code={curl} label="the command" className="w-full" />}
      {listening && (
        <p role="status" className="flex items-center gap-2 text-13 text-ink-faint">
          <span aria-hidden className="size-2 animate-waiting rounded-full bg-accent" />
          {listening}
        </p>
      )}
    </div>
  );
}
