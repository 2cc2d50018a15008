"use client";

import { Button } from "./button";

/** The end of a list that is read page by page: how many are shown, and the way to more. */
export function LoadMore({
  shown,
  noun,
  hasMore,
  isLoading,
  onMore,
}: {
  shown: number;
  /** Plural: "deliveries". */
  noun: string;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}) {
  return (
    <div className="flex h-14 items-center justify-between gap-4 text-12 text-ink-faint">
      <p role="status" className="figures">
        {shown.toLocaleString("en")} {noun} shown{hasMore ? "" : "; that is all"}
      </p>
      {hasMore && (
        <Button size="small" pending={isLoading} onClick={onMore}>
          Show more
        </Button>
      )}
    </div>
  );
}
