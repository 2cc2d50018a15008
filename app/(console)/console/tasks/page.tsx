import type { Metadata } from "next";
import { requireOperator } from "@/app/actor";
import { Prefetched } from "@/app/trpc/server";
import { PageHeader } from "@/app/ui/page-header";
import { TaskList } from "./task-list";

export const metadata: Metadata = { title: "Tasks" };

export default async function TasksPage() {
  await requireOperator();
  return (
    <>
      <PageHeader
        title="Tasks"
        sentence="What the system cannot or must not decide by itself, with all it knows. Most close by themselves once the rail says more."
      />
      <Prefetched>
        <TaskList />
      </Prefetched>
    </>
  );
}
