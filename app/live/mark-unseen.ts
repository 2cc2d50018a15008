import type { QueryClient } from "@tanstack/react-query";

/** Marks what no screen shows as out of date: whoever comes back to it sees it read anew. What is still being read for a screen that was left is
 *  dropped, since it may have begun before what happened. */
export function markUnseen(queryClient: QueryClient): void {
  void queryClient.cancelQueries({ type: "inactive", fetchStatus: "fetching" });
  void queryClient.invalidateQueries({ type: "inactive", refetchType: "none" });
}
