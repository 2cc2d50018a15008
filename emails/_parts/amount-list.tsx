import type { CSSProperties } from "react";
import { Amount, type MailAmount } from "./amount";
import { palette } from "./palette";

type AmountListProps = {
  lines: readonly { title: string; amount: MailAmount }[];
  rest: { count: number; amount: MailAmount } | null;
  total: MailAmount;
  locale: string;
};

/** Titles with their amounts, and the total they come to. */
export function AmountList({ lines, rest, total, locale }: AmountListProps) {
  let place = 0;
  return (
    <table
      className="amounts"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      style={{ margin: "16px 0", borderCollapse: "collapse" }}
    >
      <tbody>
        {lines.map(({ title, amount }) => {
          place += 1;
          return <Line key={place} title={title} amount={amount} locale={locale} />;
        })}
        {rest && <Line title={`${rest.count} more`} amount={rest.amount} locale={locale} />}
        <Line title="Total" amount={total} locale={locale} isTotal />
      </tbody>
    </table>
  );
}

function Line({
  title,
  amount,
  locale,
  isTotal,
}: {
  title: string;
  amount: MailAmount;
  locale: string;
  isTotal?: boolean;
}) {
  const weight = isTotal ? 600 : 400;
  return (
    <tr>
      <th scope="row" className="ink line" style={{ ...CELL, textAlign: "left", fontWeight: weight }}>
        {title}
      </th>
      <td className="ink line" style={{ ...CELL, textAlign: "right", fontWeight: weight }}>
        <Amount amount={amount} locale={locale} />
      </td>
    </tr>
  );
}

const CELL: CSSProperties = {
  padding: "8px 0",
  fontSize: 14,
  color: palette.ink,
  borderTop: `1px solid ${palette.line}`,
};
