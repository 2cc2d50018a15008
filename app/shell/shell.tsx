"use client";

import { Command as CommandIcon, Ellipsis, LogOut } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { LiveState } from "@/app/live/live-state";
import { classNames } from "@/app/ui/class-names";
import { CommandPalette } from "./command-palette";
import { Mark } from "./mark";
import { type Area, isAt, type Place, places } from "./navigation";
import { ShortcutList } from "./shortcut-list";
import { useShortcut } from "./shortcuts";
import { signOut } from "./sign-out";
import { ThemeChoice } from "./theme-choice";

/** The frame around every signed-in screen: places at the left on wide screens, at the foot of the hand on phones. */
export function Shell({ area, name, who, children }: { area: Area; name: string; who: string; children: ReactNode }) {
  const [isPaletteOpen, openPalette] = useState(false);
  const [isListOpen, openList] = useState(false);
  useShortcut({ keys: "?", label: "Show the keyboard shortcuts", run: () => openList(true) });
  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-2 bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <div className="lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
        <aside className="sticky top-0 z-30 flex items-center gap-2 border-line border-b bg-ground px-4 max-lg:h-12 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-0 lg:border-r lg:border-b-0 lg:px-3 lg:py-4">
          <p className="flex items-center gap-2 font-semibold text-14 tracking-tight lg:px-2 lg:pb-5">
            <Mark className="size-5" />
            Tributary
          </p>
          <Navigation area={area} onMore={() => openPalette(true)} />
          <div className="ml-auto flex items-center gap-2 lg:mt-auto lg:ml-0 lg:flex-col lg:items-stretch lg:gap-3">
            <LiveState className="lg:px-2" />
            <button
              type="button"
              onClick={() => openPalette(true)}
              className="flex h-8 items-center gap-2 rounded-2 px-2 text-13 text-ink-soft hover:bg-sunken hover:text-ink"
            >
              <CommandIcon aria-hidden className="size-4" />
              <span className="max-lg:sr-only">Go to or do</span>
              <span aria-hidden className="ml-auto text-12 text-ink-faint max-lg:hidden">
                ⌘K
              </span>
            </button>
            <div className="border-line max-lg:contents lg:border-t lg:px-2 lg:pt-3">
              <p className="max-lg:hidden">
                <span className="block truncate font-medium text-13">{name}</span>
                <span className="block text-12 text-ink-faint">{who}</span>
              </p>
              <div className="flex items-center justify-between lg:mt-2 lg:-ml-1.5">
                <ThemeChoice />
                <button
                  type="button"
                  onClick={() => void signOut()}
                  aria-label="Sign out"
                  title="Sign out"
                  className="inline-flex size-7 items-center justify-center rounded-2 text-ink-faint hover:bg-sunken hover:text-ink"
                >
                  <LogOut aria-hidden className="size-3.5" />
                </button>
              </div>
            </div>
          </div>
        </aside>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-6 pb-24 outline-none lg:px-10 lg:pt-8">
          <div className="mx-auto max-w-[76rem]">{children}</div>
        </main>
      </div>
      <CommandPalette area={area} open={isPaletteOpen} onOpen={openPalette} />
      <ShortcutList open={isListOpen} onClose={() => openList(false)} />
    </>
  );
}

/** As many words as stand beside each other at the foot of a phone. */
const FOOT_MAX = 5;

function Navigation({ area, onMore }: { area: Area; onMore: () => void }) {
  const pathname = usePathname();
  const all = places[area];
  const atFoot = all.length > FOOT_MAX ? all.slice(0, FOOT_MAX - 1) : all;
  return (
    <nav
      aria-label="Places"
      className="max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:border-line max-lg:border-t max-lg:bg-ground max-lg:pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="flex lg:flex-col lg:gap-0.5">
        {all.map((place) => (
          <NavigationItem
            key={place.href}
            place={place}
            isCurrent={isAt(pathname, place)}
            isAtFoot={atFoot.includes(place)}
          />
        ))}
        {atFoot.length < all.length && (
          <li className="flex-1 lg:hidden">
            <button
              type="button"
              onClick={onMore}
              className="flex h-14 w-full flex-col items-center justify-center gap-1 text-12 text-ink-soft"
            >
              <Ellipsis aria-hidden className="size-4" />
              More
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
}

function NavigationItem({ place, isCurrent, isAtFoot }: { place: Place; isCurrent: boolean; isAtFoot: boolean }) {
  const router = useRouter();
  const { href, word, key, icon: Icon } = place;
  useShortcut({ keys: `g ${key}`, label: `Go to ${word}`, run: () => router.push(href as Route) });
  return (
    <li className={isAtFoot ? "max-lg:flex-1" : "max-lg:hidden"}>
      <Link
        href={href as Route}
        aria-current={isCurrent ? "page" : undefined}
        className={classNames(
          "flex items-center gap-2.5 rounded-2 transition-colors duration-100",
          "max-lg:h-14 max-lg:flex-col max-lg:justify-center max-lg:gap-1 max-lg:text-12 lg:h-8 lg:px-2 lg:text-13",
          isCurrent ? "font-medium text-ink lg:bg-sunken" : "text-ink-soft hover:bg-sunken hover:text-ink",
        )}
      >
        <Icon aria-hidden className={classNames("size-4", isCurrent && "text-accent-ink")} />
        {word}
      </Link>
    </li>
  );
}
