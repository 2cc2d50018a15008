import { CircleDashed } from "lucide-react";
import { classNames } from "./class-names";
import { type StateOf, wordsOf } from "./state-words";
import { toneText, toneWash } from "./tones";

/** A state as icon, word and hue together; its meaning in a tooltip. Never hue alone. */
export function StateBadge({ of, state, className }: { of: StateOf; state: string; className?: string }) {
  const words = wordsOf(of, state);
  const tone = words?.tone ?? "unknown";
  const Icon = words?.icon ?? CircleDashed;
  return (
    <span
      title={words?.means}
      className={classNames(
        "inline-flex h-6 items-center align-middle gap-1.5 whitespace-nowrap rounded-full border px-2 text-12 font-medium",
        tone === "unknown" ? "border-dashed border-field" : "border-transparent",
        toneText[tone],
        toneWash[tone],
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2} />
      {words?.word ?? plain(state)}
    </span>
  );
}

/** A state of a later version of ours: its name without underscores is the best there is. */
function plain(state: string): string {
  const text = state.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
