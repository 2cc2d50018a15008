"use client";

import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useActivity } from "@/app/live/activity-provider";
import { useTRPC } from "@/app/trpc/client";
import { classNames } from "@/app/ui/class-names";
import { ErrorState } from "@/app/ui/error-state";
import { hrefOf } from "@/app/ui/href-of";
import { Money } from "@/app/ui/money";
import { SkeletonRows } from "@/app/ui/skeleton";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { toneText } from "@/app/ui/tones";
import type { ActivityEvent } from "@/server/insight";
import { feedLength } from "./feed-length";

type FeedQuery = UseQueryResult<ActivityEvent[], { message: string }> & { isNew: (id: string) => boolean };

/** The newest deeds; those that arrive while one looks on are put on top. */
export function useFeed(): FeedQuery {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.activity.latest.queryOptions({ limit: feedLength });
  const [newIds] = useState(() => new Set<string>());
  const query = useQuery(options);
  useActivity({}, (event) => {
    newIds.add(event.id);
    queryClient.setQueryData(options.queryKey, (shown: ActivityEvent[] | undefined) => {
      if (!shown || shown.some((other) => other.id === event.id)) return shown;
      return [event, ...shown].slice(0, feedLength);
    });
  });
  return { ...query, isNew: (id) => newIds.has(id) };
}

/** What happens, in words, newest first; each line leads to its thing. */
export function Feed({ feed }: { feed: FeedQuery }) {
  if (feed.isError && !feed.data) {
    return (
      <ErrorState what="The feed could not be read" message={feed.error.message} onRetry={() => void feed.refetch()} />
    );
  }
  if (!feed.data) return <SkeletonRows rows={12} />;
  if (feed.data.length === 0) return <p className="py-6 text-13 text-ink-faint">Nothing has happened yet.</p>;
  return (
    <ol className="-mt-1">
      {feed.data.map((event) => (
        <Deed key={event.id} event={event} isNew={feed.isNew(event.id)} />
      ))}
    </ol>
  );
}

function Deed({ event, isNew }: { event: ActivityEvent; isNew: boolean }) {
  const href = hrefOf({ id: event.subjectId, batchId: event.batchId });
  return (
    <li
      className={classNames(
        "relative flex h-10 items-center gap-3 border-line border-b px-1 text-13 hover:bg-sunken/60",
        isNew && "animate-changed",
      )}
    >
      <span
        aria-hidden
        className={classNames(
          "size-2 shrink-0 rounded-full border-2 border-current",
          event.tone === "unknown" ? "border-dotted" : "bg-current",
          toneText[event.tone],
        )}
      />
      {href ? (
        <ThingLink
          href={href}
          title={event.sentence}
          className="min-w-0 truncate after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {event.sentence}
        </ThingLink>
      ) : (
        <span title={event.sentence} className="min-w-0 truncate">
          {event.sentence}
        </span>
      )}
      <span className="ml-auto shrink-0 text-right">{event.amount && <Money amount={event.amount} />}</span>
      <Time at={event.eventAt} className="w-20 shrink-0 text-right text-12 text-ink-faint max-sm:w-16" />
    </li>
  );
}
