import { Text } from "react-email";
import { ActionButton } from "./_parts/action-button";
import type { MailAmount } from "./_parts/amount";
import { BalanceTable } from "./_parts/balance-table";
import { Layout } from "./_parts/layout";
import { palette } from "./_parts/palette";
import { type Sentence, Words } from "./_parts/sentence";
import { type MailStage, StageLine } from "./_parts/stage-line";

/** One thing that moved, in words. */
export type DigestMovement = {
  /** What it is about: "Order 1042 at Shoe Shop". */
  title: string;
  happened: Sentence;
  next: Sentence;
  stage: MailStage | null;
};

/** A balance before, between and after: opening + change = closing was checked before it came here. */
export type DigestBalance = { name: string; opening: MailAmount; change: MailAmount; closing: MailAmount };

export type EarningsDigestProps = {
  organization: string;
  affiliate: string;
  locale: string;
  /** "from 20 Nov, 08:00 to 20 Nov, 13:00 (Europe/Berlin)": in the reader's zone. */
  period: string;
  balances: readonly DigestBalance[];
  movements: readonly DigestMovement[];
  /** Movements that happened too but are not listed. */
  unlisted: number;
  portalUrl: string;
};

/** What moved in an affiliate's earnings since the last digest, and what comes next. */
export function EarningsDigest(props: EarningsDigestProps) {
  const { organization, affiliate, locale, period, balances, movements, unlisted, portalUrl } = props;
  let place = 0;
  return (
    <Layout
      preview={earningsDigestSubject(props)}
      heading="What moved in your earnings"
      organization={organization}
      because={`You get this mail because you earn with ${organization}: at most three a day, and only when something moved.`}
    >
      <Text className="ink" style={LINE}>
        {`Hello ${affiliate}, this is what happened ${period}, and what comes next.`}
      </Text>
      <BalanceTable balances={balances} locale={locale} />
      {movements.map((movement) => {
        place += 1;
        return <Movement key={place} movement={movement} locale={locale} />;
      })}
      {unlisted > 0 && (
        <Text className="ink" style={LINE}>
          {`${unlisted} more moved in this time. The balances above include them, and your earnings page lists each one.`}
        </Text>
      )}
      <ActionButton href={portalUrl}>See your earnings</ActionButton>
    </Layout>
  );
}

EarningsDigest.PreviewProps = {
  organization: "Cashback Club",
  affiliate: "Jana",
  locale: "de-DE",
  period: "from 20 Nov, 08:00 to 20 Nov, 13:00 (Europe/Berlin)",
  balances: [
    {
      name: "Held",
      opening: { decimal: "10.00", currency: "EUR" },
      change: { decimal: "2.40", currency: "EUR" },
      closing: { decimal: "12.40", currency: "EUR" },
    },
  ],
  movements: [
    {
      title: "Order 1042 at Shoe Shop",
      happened: [{ decimal: "2.40", currency: "EUR" }, " approved."],
      next: ["Held until 3 Dec, then in the next payout."],
      stage: { reached: 3, of: 7, label: "Approved · held until 3 Dec", isEnded: false },
    },
  ],
  unlisted: 0,
  portalUrl: "http://localhost:3000/portal/earnings",
} satisfies EarningsDigestProps;

/** The subject line of a digest. */
export function earningsDigestSubject({ movements, unlisted, organization }: EarningsDigestProps): string {
  const [first] = movements;
  const others = movements.length + unlisted - 1;
  if (!first) return `Your earnings at ${organization}`;
  return others > 0 ? `${first.title} and ${others} more moved` : `${first.title} moved`;
}

function Movement({ movement, locale }: { movement: DigestMovement; locale: string }) {
  return (
    <div className="line" style={{ padding: "10px 0", borderTop: `1px solid ${palette.line}` }}>
      <p className="ink" style={{ ...LINE, margin: 0 }}>
        <strong style={{ fontWeight: 600 }}>{movement.title}</strong>
        {": "}
        <Words sentence={movement.happened} locale={locale} />{" "}
        <span className="ink-soft" style={{ color: palette.inkSoft }}>
          <Words sentence={movement.next} locale={locale} />
        </span>
      </p>
      {movement.stage && <StageLine stage={movement.stage} />}
    </div>
  );
}

const LINE = { margin: "0 0 12px", fontSize: 14, lineHeight: "20px", color: palette.ink };
