import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Reading } from "./refresher";

/** Reads what is on screen of these queries again, and marks the rest of them. A reading that is on its way is waited for and never cut off: a long
 *  list that begins anew with each event would never end. Such a reading may have begun before what happened, and one that "Show more"
 *  replaced has read only the next page: both are behind. */
export async function readAgain(queryClient: QueryClient, queryKeys: readonly QueryKey[]): Promise<Reading> {
  const onScreen = () =>
    queryKeys.flatMap((queryKey) => queryClient.getQueryCache().findAll({ queryKey, type: "active" }));
  const wasReading = onScreen().some((query) => query.state.fetchStatus === "fetching");
  await Promise.all(queryKeys.map((queryKey) => queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false })));
  const wasReplaced = onScreen().some((query) => query.state.fetchMeta?.fetchMore);
  return wasReading || wasReplaced ? "behind" : "fresh";
}
