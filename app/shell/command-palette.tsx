"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { LogOut, type LucideIcon, Moon, Sun, Zap } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useEffect } from "react";
import { Kbd } from "@/app/ui/kbd";
import { type Area, places } from "./navigation";
import { useShortcuts } from "./shortcuts";
import { signOut } from "./sign-out";

/** Everything one can do or visit, by typing: ⌘K or Ctrl-K. Opens without animation. */
export function CommandPalette({ area, open, onOpen }: { area: Area; open: boolean; onOpen: (open: boolean) => void }) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const { active, areOn } = useShortcuts();
  usePaletteKey(open, onOpen);
  const choose = (run: () => void) => () => {
    onOpen(false);
    run();
  };
  // What the screen itself offers; leading to places is listed on its own.
  const deeds = active.filter((shortcut) => !shortcut.keys.startsWith("g "));
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-scrim" />
        <Dialog.Popup className="fixed top-[14vh] left-1/2 z-50 w-[calc(100%-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-3 border border-line bg-raised shadow-float outline-none">
          <Dialog.Title className="sr-only">Go to or do</Dialog.Title>
          <Command label="Go to or do" loop>
            <Command.Input
              autoFocus
              placeholder="Go to or do…"
              className="h-12 w-full border-line border-b bg-transparent px-4 text-14 outline-none placeholder:text-ink-faint"
            />
            <Command.List className="scroll-thin max-h-[50vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-faint">
              <Command.Empty className="px-3 py-6 text-center text-13 text-ink-faint">
                Nothing is called that.
              </Command.Empty>
              {deeds.length > 0 && (
                <Command.Group heading="On this screen">
                  {deeds.map(({ keys, label, run }) => (
                    <Item key={keys} icon={Zap} word={label} keys={areOn ? keys : undefined} onSelect={choose(run)} />
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Go to">
                {places[area].map(({ href, word, key, icon }) => (
                  <Item
                    key={href}
                    icon={icon}
                    word={word}
                    keys={areOn ? `g ${key}` : undefined}
                    onSelect={choose(() => router.push(href as Route))}
                  />
                ))}
              </Command.Group>
              <Command.Group heading="Settings">
                <Item icon={Sun} word="Light theme" onSelect={choose(() => setTheme("light"))} />
                <Item icon={Moon} word="Dark theme" onSelect={choose(() => setTheme("dark"))} />
                <Item icon={LogOut} word="Sign out" onSelect={choose(() => void signOut())} />
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Item({
  icon: Icon,
  word,
  keys,
  onSelect,
}: {
  icon: LucideIcon;
  word: string;
  keys?: string;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={word}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-2 px-2.5 text-14 data-[selected=true]:bg-accent-wash"
    >
      <Icon aria-hidden className="size-4 text-ink-faint" />
      {word}
      <span className="ml-auto flex gap-1 text-ink-faint">
        {keys?.split(" ").map((key) => (
          <Kbd key={key}>{key.toUpperCase()}</Kbd>
        ))}
      </span>
    </Command.Item>
  );
}

function usePaletteKey(open: boolean, onOpen: (open: boolean) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      onOpen(!open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open, onOpen]);
}
