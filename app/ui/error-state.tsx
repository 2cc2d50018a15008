"use client";

import { TriangleAlert } from "lucide-react";
import { Button } from "./button";

/** Something could not be shown: what happened, in words, and the way to try again. */
export function ErrorState({ what, message, onRetry }: { what: string; message?: string; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-start gap-3 py-8">
      <p className="flex items-center gap-2 font-medium text-14">
        <TriangleAlert aria-hidden className="size-4 text-reversed" />
        {what}
      </p>
      {message && <p className="max-w-[68ch] text-13 text-ink-soft">{message}</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
