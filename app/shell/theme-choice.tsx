"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { classNames } from "@/app/ui/class-names";

const choices = [
  { value: "light", word: "Light", icon: Sun },
  { value: "dark", word: "Dark", icon: Moon },
  { value: "system", word: "As the system", icon: Monitor },
] as const;

/** Light, dark, or as the system says. */
export function ThemeChoice() {
  const { theme, setTheme } = useTheme();
  // Before hydration nobody knows the stored choice; a wrong one must not be shown pressed.
  const isMounted = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  return (
    <fieldset className="flex gap-0.5">
      <legend className="sr-only">Theme</legend>
      {choices.map(({ value, word, icon: Icon }) => {
        const isChosen = isMounted && theme === value;
        return (
          <button
            key={value}
            type="button"
            aria-pressed={isChosen}
            aria-label={word}
            title={word}
            onClick={() => setTheme(value)}
            className={classNames(
              "inline-flex size-7 items-center justify-center rounded-2 text-ink-faint hover:text-ink",
              isChosen && "bg-sunken text-ink",
            )}
          >
            <Icon aria-hidden className="size-3.5" />
          </button>
        );
      })}
    </fieldset>
  );
}
