"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

/** A question in the middle of the screen. Its footer holds the answers, the safe one first in order of the keyboard. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="fixed top-1/2 left-1/2 z-50 flex max-h-[85dvh] w-[calc(100%-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col rounded-3 border border-line bg-raised shadow-float outline-none">
          <div className="scroll-thin overflow-y-auto px-5 pt-5 pb-4">
            <Base.Title className="font-semibold text-16">{title}</Base.Title>
            {description && (
              <Base.Description render={<div />} className="mt-1 text-14 text-ink-soft">
                {description}
              </Base.Description>
            )}
            {children && <div className="mt-4">{children}</div>}
          </div>
          {footer && <div className="flex justify-end gap-2 border-line border-t px-5 py-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
