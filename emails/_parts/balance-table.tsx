import type { CSSProperties } from "react";
import { Amount, type MailAmount } from "./amount";
import { palette } from "./palette";

type Balance = { name: string; opening: MailAmount; change: MailAmount; closing: MailAmount };

/** Balances before, changed by, and now: one row each. A table of data, read aloud with its headings; in plain text it keeps its columns. */
export function BalanceTable({ balances, locale }: { balances: readonly Balance[]; locale: string }) {
  return (
    <table
      className="amounts"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      style={{ margin: "0 0 16px", borderCollapse: "collapse" }}
    >
      <thead>
        <tr>
          <th scope="col" className="ink-soft" style={{ ...HEAD, textAlign: "left" }}>
            Balance
          </th>
          <th scope="col" className="ink-soft" style={HEAD}>
            Before
          </th>
          <th scope="col" className="ink-soft" style={HEAD}>
            Change
          </th>
          <th scope="col" className="ink-soft" style={HEAD}>
            Now
          </th>
        </tr>
      </thead>
      <tbody>
        {balances.map(({ name, opening, change, closing }) => (
          <tr key={`${name} ${closing.currency}`}>
            <th scope="row" className="ink line" style={{ ...CELL, textAlign: "left", fontWeight: 400 }}>
              {name}
            </th>
            <td className="ink line" style={CELL}>
              <Amount amount={opening} locale={locale} />
            </td>
            <td className="ink line" style={CELL}>
              <Amount amount={change} locale={locale} isChange />
            </td>
            <td className="ink line" style={{ ...CELL, fontWeight: 600 }}>
              <Amount amount={closing} locale={locale} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HEAD: CSSProperties = {
  padding: "4px 0",
  fontSize: 12,
  fontWeight: 400,
  textAlign: "right",
  color: palette.inkSoft,
};
const CELL: CSSProperties = {
  padding: "8px 0",
  fontSize: 14,
  textAlign: "right",
  color: palette.ink,
  borderTop: `1px solid ${palette.line}`,
};
