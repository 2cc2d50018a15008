import { accountWords } from "@/app/ui/account-words";
import { effectWords } from "@/app/ui/effect-words";
import { Money } from "@/app/ui/money";
import { Section } from "@/app/ui/section";
import { StateBadge } from "@/app/ui/state-badge";
import { Time } from "@/app/ui/time";
import type { RouterOutput } from "@/server/trpc/router";

type Commission = NonNullable<RouterOutput["conversions"]["trace"]["commission"]>;

/** How the commission came about, in words, and every ledger entry behind it. */
export function Calculation({ commission, explanation }: { commission: Commission; explanation: string }) {
  return (
    <Section
      title="Commission"
      aside={
        <span className="flex items-center gap-3">
          <StateBadge of="commission" state={commission.state} />
          <Money amount={commission.amount} className="font-medium" />
        </span>
      }
    >
      <p className="text-13">{explanation}</p>
      {commission.state === "held" && (
        <p className="mt-1 text-13 text-ink-soft">
          Held until <Time at={commission.holdUntil} format="date" />
          {commission.approved ? "." : ", once the source has approved it."}
        </p>
      )}
      <ol className="mt-4 flex flex-col gap-3">
        {commission.effects.map((effect) => (
          <li key={effect.id}>
            <p className="flex items-baseline justify-between gap-4 text-13">
              <span className="font-medium">{effectWords[effect.kind]}</span>
              <span className="text-12 text-ink-faint">
                <Time at={effect.eventAt} />
              </span>
            </p>
            {effect.entries.length === 0 ? (
              <p className="text-12 text-ink-faint">Moves no money.</p>
            ) : (
              <table className="w-full text-12">
                <caption className="sr-only">Ledger entries of {effectWords[effect.kind]}</caption>
                <thead className="sr-only">
                  <tr>
                    <th scope="col">Account</th>
                    <th scope="col">Amount, debits positive</th>
                  </tr>
                </thead>
                <tbody>
                  {effect.entries.map((entry) => (
                    <tr key={`${entry.kind} ${entry.ownerId} ${entry.amount.currency}`}>
                      <td className="py-0.5 text-ink-soft">{accountWords[entry.kind]}</td>
                      <td className="py-0.5 text-right">
                        <Money amount={entry.amount} signed />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
