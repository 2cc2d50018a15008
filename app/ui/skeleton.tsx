import { classNames } from "./class-names";

/** The place of something that is being read, in its final size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("block animate-waiting rounded-1 bg-line", className)} />;
}

/** The place of a table's rows. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity and never move
        <div key={row} className="flex h-10 items-center gap-6 border-line border-b px-1">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-3 w-24" />
          <Skeleton className="ml-auto h-3 w-20" />
        </div>
      ))}
    </div>
  );
}
