"use client";

import { ErrorState } from "@/app/ui/error-state";

export default function Problem({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="mx-auto max-w-md px-6 py-24">
      <ErrorState
        what="This page could not be shown"
        message="Something failed on our side; nothing was changed. The log of the server says what."
        onRetry={reset}
      />
    </main>
  );
}
