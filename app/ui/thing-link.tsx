"use client";

import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";

/** A link to one thing: a drawer (`?open=…`) or its page. On the page where the drawer is, only the URL changes and the server is not asked; and a
 *  list of fifty of them asks for none beforehand, as Link would. */
export function ThingLink({ href, ...rest }: Omit<ComponentProps<typeof Link>, "href"> & { href: string }) {
  return (
    <Link
      scroll={false}
      prefetch={false}
      {...rest}
      href={href as Route}
      onNavigate={(event) => {
        const target = new URL(href, window.location.href);
        if (target.pathname !== window.location.pathname) return;
        event.preventDefault();
        window.history.pushState(null, "", target);
      }}
    />
  );
}
