import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { Kbd } from "./kbd";

const looks = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-2 border font-medium transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50",
  {
    variants: {
      look: {
        primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong",
        plain: "border-line-strong bg-surface text-ink hover:border-field hover:bg-sunken",
        quiet: "border-transparent bg-transparent text-ink-soft hover:bg-sunken hover:text-ink",
        danger: "border-line-strong bg-surface text-reversed hover:border-reversed hover:bg-reversed-wash",
      },
      size: { regular: "h-8 px-3 text-13", small: "h-7 px-2 text-12", large: "h-10 px-4 text-14", icon: "size-8" },
    },
    defaultVariants: { look: "plain", size: "regular" },
  },
);

type Looks = VariantProps<typeof looks>;

/** A button. One `primary` per screen. `pending` keeps its size and says that it works; `shortcut` only shows the letter
 *  (register it with useShortcut). */
export function Button({
  look,
  size,
  pending = false,
  shortcut,
  className,
  children,
  ...rest
}: ComponentProps<"button"> & Looks & { pending?: boolean; shortcut?: string }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || pending}
      aria-busy={pending || undefined}
      className={classNames(looks({ look, size }), className)}
    >
      {pending && <LoaderCircle aria-hidden className="size-3.5 animate-spin" />}
      {children}
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  look,
  size,
  className,
  ...rest
}: Omit<ComponentProps<typeof Link>, "href"> & Looks & { href: string }) {
  return <Link {...rest} href={href as Route} className={classNames(looks({ look, size }), className)} />;
}
