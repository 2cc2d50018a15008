import type { ReactNode } from "react";

/** The top of a screen: its name, one sentence that explains it, and at most one primary action. */
export function PageHeader({ title, sentence, actions }: { title: string; sentence: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 pb-6">
      <div className="min-w-0">
        <h1 className="font-semibold text-20 tracking-tight">{title}</h1>
        <p className="mt-0.5 max-w-[84ch] text-balance text-14 text-ink-soft">{sentence}</p>
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
