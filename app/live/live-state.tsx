"use client";

import { classNames } from "@/app/ui/class-names";
import { useLive } from "./activity-provider";

const words = {
  connecting: "Connecting",
  live: "Live",
  waiting: "Reconnecting",
};

/** Whether this tab hears what happens. */
export function LiveState({ className }: { className?: string }) {
  const { state } = useLive();
  return (
    <p role="status" className={classNames("flex items-center gap-2 text-12 text-ink-faint", className)}>
      <span
        aria-hidden
        className={classNames("size-2 rounded-full", state === "live" ? "bg-paid" : "animate-waiting bg-held")}
      />
      <span className="max-lg:sr-only">{words[state]}</span>
    </p>
  );
}
