"use client";

import { useSearchParams } from "next/navigation";

/** Gives the address that opens a thing in the drawer of a screen, whatever it is filtered by: the screen's path with its URL's parameters
 *  and `open`. */
export function useHrefWith(path: string): (id: string) => string {
  const params = useSearchParams();
  return (id) => {
    const opened = new URLSearchParams(params);
    opened.set("open", id);
    return `${path}?${opened}`;
  };
}
