"use client";

import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useActivity } from "@/app/live/activity-provider";
import { useRefresher } from "@/app/live/use-refresher";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { classNames } from "@/app/ui/class-names";
import { ErrorState } from "@/app/ui/error-state";
import { hrefOf } from "@/app/ui/href-of";
import { Money } from "@/app/ui/money";
import { NotUpToDate } from "@/app/ui/not-up-to-date";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { toneText } from "@/app/ui/tones";
import type { ActivityEvent } from "@/server/insight";
import { feedLength } from "./feed-length";

type FeedQuery = UseQueryResult<ActivityEvent[], { message: string }> & {
  isNew: (id: string) => boolean;
  /** What stood there when somebody stopped the feed; null while it runs. */
  paused: readonly ActivityEvent[] | null;
  pause: () => void;
  resume: () => void;
};

/** The newest deeds; those that arrive while one looks on are put on top, unless the feed is paused. */
export function useFeed(): FeedQuery {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.activity.latest.queryOptions({ limit: feedLength });
  const [newIds] = useState(() => new Set<string>());
  const [paused, setPaused] = useState<readonly ActivityEvent[] | null>(null);
  const query = useQuery(options);
  const readAgain = useRefresher([options.queryKey]);
  useActivity({}, (event) => {
    if (!paused) newIds.add(event.id);
    // What is being read now may have begun before this happened, and replaces the list when it comes.
    if (queryClient.isFetching({ queryKey: options.queryKey }) > 0) readAgain();
    queryClient.setQueryData(options.queryKey, (shown: ActivityEvent[] | undefined) => {
      if (!shown || shown.some((other) => other.id === event.id)) return shown;
      return [event, ...shown].slice(0, feedLength);
    });
  });
  return {
    ...query,
    isNew: (id) => newIds.has(id),
    paused,
    pause: () => {
      newIds.clear();
      setPaused(query.data ?? []);
    },
    resume: () => setPaused(null),
  };
}

/** What happens, in words, newest first; each line leads to its thing. */
export function Feed({ feed, className }: { feed: FeedQuery; className?: string }) {
  return (
    <Section title="Happening now" aside={feed.data && <Pause feed={feed} />} className={className}>
      {feed.isError && feed.data && <NotUpToDate onRetry={() => void feed.refetch()} />}
      <Deeds feed={feed} />
    </Section>
  );
}

function Deeds({ feed }: { feed: FeedQuery }) {
  if (feed.isError && !feed.data) {
    return (
      <ErrorState what="The feed could not be read" message={feed.error.message} onRetry={() => void feed.refetch()} />
    );
  }
  const deeds = feed.paused ?? feed.data;
  if (!deeds) return <SkeletonRows rows={12} />;
  if (deeds.length === 0) return <p className="py-6 text-13 text-ink-faint">Nothing has happened yet.</p>;
  return (
    <ol className="-mt-1">
      {deeds.map((event) => (
        <Deed key={event.id} event={event} isNew={feed.isNew(event.id)} />
      ))}
    </ol>
  );
}

/** Stops the feed, so that a line can be read or clicked before it has moved on. One button, which keeps the focus when its word changes. */
function Pause({ feed: { paused, data, pause, resume } }: { feed: FeedQuery }) {
  const held = new Set(paused?.map(({ id }) => id));
  const newer = paused ? (data?.filter(({ id }) => !held.has(id)).length ?? 0) : 0;
  return (
    <span className="figures flex items-center gap-2 text-12 text-ink-faint">
      {paused && <span>Paused{newer > 0 && `, ${newer}${newer === feedLength ? " or more" : ""} newer`}</span>}
      <Button look="quiet" size="small" onClick={paused ? resume : pause}>
        {paused ? "Resume" : "Pause"}
      </Button>
    </span>
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
