"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRefreshOn } from "@/app/live/use-refresh-on";
import { useTRPC } from "@/app/trpc/client";
import { EmptyState } from "@/app/ui/empty-state";
import { PagedList } from "@/app/ui/paged-list";
import { CloseDialog } from "./close-dialog";
import { ResolveDialog } from "./resolve-dialog";
import { TaskItem } from "./task-item";
import type { Task } from "./task-words";

/** Open tasks, newest first, live. */
export function TaskList() {
  const trpc = useTRPC();
  const [deciding, setDeciding] = useState<{ task: Task; action: Task["actions"][number] } | null>(null);
  const query = useInfiniteQuery(
    trpc.tasks.list.infiniteQueryOptions(
      {},
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  useRefreshOn({ kinds: ["payout.", "batch."] }, [trpc.tasks.pathKey()]);
  const tasks = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const close = () => setDeciding(null);
  return (
    <>
      <PagedList
        query={query}
        rows={tasks}
        noun="tasks"
        empty={
          <EmptyState title="Nothing waits for you" listening="New tasks appear here by themselves">
            A task opens when a rail's answer is lost for good, when money comes back, or when a payout cannot be sent.
          </EmptyState>
        }
      >
        <ul aria-label="Open tasks">
          {tasks.map((task) => (
            <TaskItem key={task.id} task={task} onAct={(action) => setDeciding({ task, action })} />
          ))}
        </ul>
      </PagedList>
      {deciding?.action === "resolve" && <ResolveDialog key={deciding.task.id} task={deciding.task} onClose={close} />}
      {deciding?.action === "close" && <CloseDialog key={deciding.task.id} task={deciding.task} onClose={close} />}
    </>
  );
}
