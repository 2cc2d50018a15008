"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

const control =
  "h-9 w-full rounded-2 border border-field bg-surface px-2.5 text-14 text-ink placeholder:text-ink-faint aria-invalid:border-reversed";

type Wrap = { label: string; hint?: ReactNode; error?: string | null };

/** A labelled text field with its hint and its error beside it. */
export function Field({ label, hint, error, className, ...rest }: ComponentProps<"input"> & Wrap) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, hint, error }}>
      <input
        id={id}
        {...rest}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={classNames(control, className)}
      />
    </Labelled>
  );
}

/** A labelled choice: the browser's own select, which every keyboard and screen reader knows. */
export function SelectField({ label, hint, error, className, ...rest }: ComponentProps<"select"> & Wrap) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, hint, error }}>
      <select
        id={id}
        {...rest}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={classNames(control, className)}
      />
    </Labelled>
  );
}

function Labelled({ id, label, hint, error, children }: Wrap & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-13">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-12 text-ink-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-12 text-reversed">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | null | undefined): string | undefined {
  const ids = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}
