"use client";

import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { classNames } from "./class-names";

/** A small button that copies a text; says so by icon and to screen readers. */
function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${label}`}
      className={classNames(
        "relative z-10 inline-flex size-6 shrink-0 items-center justify-center rounded-1 text-ink-faint hover:bg-sunken hover:text-ink",
        className,
      )}
    >
      {copied ? <Check aria-hidden className="size-3.5 text-paid" /> : <CopyIcon aria-hidden className="size-3.5" />}
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </button>
  );
}

/** An id in mono, with its copy button. Long ones keep their end, which is what tells two apart. */
export function Id({ id, className }: { id: string; className?: string }) {
  return (
    <span className={classNames("inline-flex items-center gap-1", className)}>
      <code title={id} className="font-mono text-12 text-ink-soft">
        {id.length > 16 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id}
      </code>
      <CopyButton text={id} label={`id ${id}`} />
    </span>
  );
}

/** A command or raw text to copy whole. */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <div className={classNames("relative rounded-2 border border-line bg-sunken", className)}>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="scroll-thin overflow-x-auto whitespace-pre-wrap break-all py-2.5 pr-10 pl-3 text-left font-mono text-12 text-ink"
      >
        {code}
      </pre>
      <CopyButton text={code} label={label} className="absolute top-2 right-2 bg-sunken" />
    </div>
  );
}
