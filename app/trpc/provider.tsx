"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import {
  createTRPCClient,
  httpBatchStreamLink,
  httpSubscriptionLink,
  isTRPCClientError,
  splitLink,
} from "@trpc/client";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import { signInHref } from "@/app/(auth)/sign-in/next-path";
import type { AppRouter } from "@/server/trpc/router";
import { TRPCProvider } from "./client";
import { createQueryClient } from "./query-client";

const url = "/api/trpc";

/** Gives the screens below it tRPC: queries batched into one streamed request, subscriptions over one event stream. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => createQueryClient(leaveWhenDenied));
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === "subscription",
          true: httpSubscriptionLink({ url, transformer: superjson }),
          false: httpBatchStreamLink({ url, transformer: superjson }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** Nobody is signed in any more, or somebody else is, of the other role: both happen in another tab. The sign-in page sends each where he belongs. */
function leaveWhenDenied(error: unknown): void {
  if (!isTRPCClientError<AppRouter>(error)) return;
  const code = error.data?.code;
  if (code !== "UNAUTHORIZED" && code !== "FORBIDDEN") return;
  window.location.assign(signInHref(window.location.pathname + window.location.search));
}
