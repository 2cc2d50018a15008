import type { Money as MoneyAmount } from "@/server/money";
import { Money } from "./money";

/** Under a list that is cut: how many lines it does not show and what they come to. Nothing when it shows all. */
export function RestOfLines({ shown, rest }: { shown: number; rest: { count: number; total: MoneyAmount } }) {
  if (rest.count === 0) return null;
  return (
    <p className="mt-2 text-12 text-ink-faint">
      The newest {shown.toLocaleString("en")} are shown; the other {rest.count.toLocaleString("en")} come to{" "}
      <Money amount={rest.total} />.
    </p>
  );
}
