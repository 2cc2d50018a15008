import { Text } from "react-email";
import { ActionButton } from "./_parts/action-button";
import { formatAmount, type MailAmount } from "./_parts/amount";
import { AmountList } from "./_parts/amount-list";
import { Layout } from "./_parts/layout";
import { palette } from "./_parts/palette";
import { type MailStage, StageLine } from "./_parts/stage-line";

export type PayoutSentProps = {
  organization: string;
  affiliate: string;
  locale: string;
  amount: MailAmount;
  /** "your PayPal account ja…@example.com". */
  destination: string;
  /** The day it was settled, in the reader's zone. */
  paidOn: string;
  /** What the payout pays; together exactly `amount`. */
  lines: readonly { title: string; amount: MailAmount }[];
  /** What the lines that are not listed come to, with their number; null when all are. */
  rest: { count: number; amount: MailAmount } | null;
  stage: MailStage;
  /** The payout's own id, to quote in a question. */
  reference: string;
  portalUrl: string;
};

/** Money has arrived: how much, where, for what, and what comes next. */
export function PayoutSent(props: PayoutSentProps) {
  const { organization, affiliate, locale, amount, destination, paidOn, lines, rest, stage, reference, portalUrl } =
    props;
  return (
    <Layout
      preview={`Paid on ${paidOn} to ${destination}.`}
      heading={`${formatAmount(amount, locale)} has been paid to you`}
      organization={organization}
      because={`You get this mail because ${organization} paid you. Reference: ${reference}`}
    >
      <Text className="ink" style={LINE}>
        {`Hello ${affiliate}, we paid ${formatAmount(amount, locale)} to ${destination} on ${paidOn}.`}
      </Text>
      <StageLine stage={stage} />
      <AmountList lines={lines} rest={rest} total={amount} locale={locale} />
      <Text className="ink" style={LINE}>
        {`You have nothing to do. What becomes payable from here on goes into your next payout. If the money is not there tomorrow, tell ${organization} the reference below.`}
      </Text>
      <ActionButton href={portalUrl}>See this payout</ActionButton>
    </Layout>
  );
}

PayoutSent.PreviewProps = {
  organization: "Cashback Club",
  affiliate: "Jana",
  locale: "de-DE",
  amount: { decimal: "12.40", currency: "EUR" },
  destination: "your PayPal account ja…@example.com",
  paidOn: "3 Dec",
  lines: [
    { title: "Order 1042 at Shoe Shop", amount: { decimal: "2.40", currency: "EUR" } },
    { title: "Order 1043 at Shoe Shop", amount: { decimal: "10.00", currency: "EUR" } },
  ],
  rest: null,
  stage: { reached: 7, of: 7, label: "Paid · 3 Dec", isEnded: false },
  reference: "pay_01k",
  portalUrl: "http://localhost:3000/portal/payouts?open=pay_01k",
} satisfies PayoutSentProps;

/** The subject line of a payout mail. */
export function payoutSentSubject({ amount, locale, organization }: PayoutSentProps): string {
  return `${formatAmount(amount, locale)} from ${organization} has been paid to you`;
}

const LINE = { margin: "12px 0", fontSize: 14, lineHeight: "20px", color: palette.ink };
