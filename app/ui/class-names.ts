import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Our own text sizes must be told apart from text colours, or one would drop the other. */
const merge = extendTailwindMerge({ extend: { theme: { text: ["12", "13", "14", "16", "20", "28"] } } });

/** Joins classes; of two that set the same thing the later wins. */
export function classNames(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
