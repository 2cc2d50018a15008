"use client";

import { Dialog } from "@/app/ui/dialog";
import { Kbd } from "@/app/ui/kbd";
import { useShortcuts } from "./shortcuts";

/** What every key does here, and the switch that turns single keys off. */
export function ShortcutList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { active, areOn, turn } = useShortcuts();
  return (
    <Dialog open={open} onClose={onClose} title="Keyboard shortcuts">
      <dl className="flex flex-col gap-1.5 text-13">
        <Row keys="⌘ K" label="Go to or do anything (Ctrl K elsewhere)" />
        <Row keys="Esc" label="Close what is open" />
        {areOn && active.map(({ keys, label }) => <Row key={keys} keys={keys} label={label} />)}
      </dl>
      <label className="mt-4 flex min-h-6 items-center gap-2 border-line border-t pt-4 text-13">
        <input
          type="checkbox"
          checked={areOn}
          onChange={(event) => turn(event.target.checked)}
          className="size-4 accent-accent"
        />
        Single-key shortcuts
      </label>
    </Dialog>
  );
}

function Row({ keys, label }: { keys: string; label: string }) {
  return (
    <div className="flex items-center justify-between gap-4">
      <dt>{label}</dt>
      <dd className="flex gap-1 text-ink-soft">
        {keys.split(" ").map((key) => (
          <Kbd key={key}>{key.length === 1 ? key.toUpperCase() : key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
