"use client";

/** Under what was read before and could not be read again: what is shown stays, and this says since when it may be wrong. */
export function NotUpToDate({ onRetry }: { onRetry: () => void }) {
  return (
    <p role="status" className="flex items-center gap-3 py-1 text-12 text-ink-faint">
      Not up to date: it could not be read again just now.
      <button type="button" onClick={onRetry} className="min-h-6 text-ink-soft underline underline-offset-4">
        Try again
      </button>
    </p>
  );
}
