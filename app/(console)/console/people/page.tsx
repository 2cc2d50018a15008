import type { Metadata } from "next";
import { requireOperator } from "@/app/actor";
import { Prefetched, prefetch, trpc } from "@/app/trpc/server";
import { PeopleList } from "./people-list";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { userId, role } = await requireOperator();
  await prefetch(trpc.people.list.queryOptions());
  return (
    <Prefetched>
      <PeopleList self={{ userId, role }} />
    </Prefetched>
  );
}
