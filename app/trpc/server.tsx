import { dehydrate, type FetchQueryOptions, HydrationBoundary, type QueryKey } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { createContext } from "@/server/trpc/context";
import { appRouter } from "@/server/trpc/router";
import { createQueryClient } from "./query-client";

const requestQueryClient = cache(() => createQueryClient());

/** Once per request: six prefetches of one page must not look the session up six times. */
const requestContext = cache(async () => createContext(await headers()));

/** The procedures, for use in a page on the server: `await prefetch(trpc.overview.balances.queryOptions())`. */
export const trpc = createTRPCOptionsProxy({
  ctx: requestContext,
  router: appRouter,
  queryClient: requestQueryClient,
});

/** Reads a query while the page renders, so that it arrives with its data. What fails here is tried again in the browser. */
export async function prefetch<Data, Failure, Key extends QueryKey>(
  options: FetchQueryOptions<Data, Failure, Data, Key>,
): Promise<void> {
  await requestQueryClient().prefetchQuery(options);
}

/** Hands what was prefetched to the client components inside. */
export function Prefetched({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(requestQueryClient())}>{children}</HydrationBoundary>;
}
