"use client";

import { parseAsString, useQueryState } from "nuqs";
import { classNames } from "./class-names";

export type FilterOption = { value: string; word: string; count?: number };

/** One choice among a few, kept in the URL under `name`; no choice means all. Read it elsewhere with useFilter(name). */
export function FilterChips({
  label,
  name,
  options,
}: {
  label: string;
  name: string;
  options: readonly FilterOption[];
}) {
  const [chosen, choose] = useFilter(name);
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {[{ value: "", word: "All", count: undefined }, ...options].map(({ value, word, count }) => {
        const isChosen = (chosen ?? "") === value;
        return (
          <button
            key={value}
            type="button"
            aria-pressed={isChosen}
            onClick={() => choose(value === "" ? null : value)}
            className={classNames(
              "inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-12 transition-colors duration-100",
              isChosen
                ? "border-accent bg-accent-wash font-medium text-accent-ink"
                : "border-line text-ink-soft hover:border-line-strong hover:text-ink",
            )}
          >
            {word}
            {count !== undefined && <span className="figures text-ink-faint">{count.toLocaleString("en")}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}

/** A filter's value in the URL; null when it is not set. */
export function useFilter(name: string): [string | null, (value: string | null) => void] {
  const [value, setValue] = useQueryState(name, parseAsString.withOptions({ history: "push", scroll: false }));
  return [value, (next) => void setValue(next)];
}
