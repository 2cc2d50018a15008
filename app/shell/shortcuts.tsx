"use client";

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

/** One thing a key does. `keys` is a letter ("r") or two in a row ("g o"). */
export type Shortcut = { keys: string; label: string; run: () => void };

type Shortcuts = {
  /** Every shortcut that works now, for the list and the palette. */
  active: readonly Shortcut[];
  register: (shortcut: Shortcut) => () => void;
  /** Single keys may be turned off: speech input types them by accident. */
  areOn: boolean;
  turn: (on: boolean) => void;
};

const ShortcutsContext = createContext<Shortcuts | null>(null);
const STORED_AS = "tributary-single-key-shortcuts";
const SEQUENCE_MS = 1000;

/** Listens for keys on behalf of the screens inside. Never while somebody types, never with a modifier key, and never beneath an open dialog
 *  or drawer: the screen under it must not change unseen. */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [active, setActive] = useState<readonly Shortcut[]>([]);
  const [areOn, setAreOn] = useState(true);
  useEffect(() => setAreOn(localStorage.getItem(STORED_AS) !== "off"), []);
  const register = useCallback((shortcut: Shortcut) => {
    setActive((current) => [...current, shortcut]);
    return () => setActive((current) => current.filter((other) => other !== shortcut));
  }, []);
  const turn = useCallback((on: boolean) => {
    localStorage.setItem(STORED_AS, on ? "on" : "off");
    setAreOn(on);
  }, []);
  useKeys(active, areOn);
  const value = useMemo(() => ({ active, register, areOn, turn }), [active, register, areOn, turn]);
  return <ShortcutsContext value={value}>{children}</ShortcutsContext>;
}

/** Gives a key a meaning while the calling component is on screen. `isOff` takes it away for a while. */
export function useShortcut({ keys, label, run, isOff = false }: Shortcut & { isOff?: boolean }): void {
  const { register } = useShortcuts();
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (isOff) return undefined;
    return register({ keys, label, run: () => latest.current() });
  }, [keys, label, isOff, register]);
}

/** The shortcuts that work now. */
export function useShortcuts(): Shortcuts {
  const shortcuts = useContext(ShortcutsContext);
  if (!shortcuts) throw new Error("useShortcuts is called outside ShortcutsProvider");
  return shortcuts;
}

function useKeys(active: readonly Shortcut[], areOn: boolean): void {
  const first = useRef<{ key: string; at: number } | null>(null);
  useEffect(() => {
    if (!areOn) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      if (isDialogOpen()) {
        first.current = null;
        return;
      }
      const isSecond = first.current !== null && event.timeStamp - first.current.at < SEQUENCE_MS;
      const keys = isSecond ? `${first.current?.key} ${event.key}` : event.key;
      first.current = active.some((shortcut) => shortcut.keys.startsWith(`${event.key} `))
        ? { key: event.key, at: event.timeStamp }
        : null;
      // The latest registered wins: what lies on top of the screen.
      const shortcut = active.findLast((candidate) => candidate.keys === keys);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [active, areOn]);
}

/** Asked of the page, not of where the focus is: a button in a dialog that goes away leaves the focus on the page under it. One that is closing,
 *  and still fades, is not open. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-open], [role="alertdialog"][data-open]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
