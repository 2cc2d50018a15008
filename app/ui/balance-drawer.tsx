"use client";

import type { BalanceLine, BalanceLines } from "@/server/insight";
import { type BalanceRef, balanceWords } from "./balance-words";
import { Drawer } from "./drawer";
import { effectWords } from "./effect-words";
import { hrefOf } from "./href-of";
import { Money } from "./money";
import { PagedList, type PagedQuery } from "./paged-list";
import { wordsOf } from "./state-words";
import { Cell, HeadCell, RowLink, Table, TableHead, TableRow } from "./table";
import { Time } from "./time";

/** What one balance is made of, down to the thing behind each line: its drawer has the calculation. */
export function BalanceDrawer({
  of,
  area,
  query,
  onClose,
}: {
  /** null: closed. */
  of: BalanceRef | null;
  area: "console" | "portal";
  query: PagedQuery & { data: { pages: BalanceLines[] } | undefined };
  onClose: () => void;
}) {
  if (of === null) return null;
  const { word, ownWord, means, lines } = balanceWords[of.balance];
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.lines) ?? [];
  const whose = of.affiliateId && rows[0] ? ` of ${rows[0].affiliateName}` : "";
  return (
    <Drawer
      open
      onClose={onClose}
      title={`${area === "portal" ? ownWord : word}${whose}, ${of.currency}`}
      description={means}
    >
      {first && (
        <p className="text-13">
          <Money amount={first.total} className="font-medium text-16" />
          <span className="text-ink-soft">
            {" "}
            is the sum of {first.count.toLocaleString("en")} {lines[first.count === 1 ? 0 : 1]}
            {first.count > 1 && ", the newest first"}.
          </span>
        </p>
      )}
      <PagedList
        query={query}
        rows={rows}
        noun={lines[1]}
        empty={<p className="text-13 text-ink-soft">Nothing has moved it yet.</p>}
      >
        <Table label={`What ${ownWord.toLowerCase()} is made of`}>
          <TableHead>
            <HeadCell>What</HeadCell>
            <HeadCell align="right">Amount</HeadCell>
            {area === "console" && of.affiliateId === null && <HeadCell>Affiliate</HeadCell>}
            <HeadCell>Because</HeadCell>
            <HeadCell align="right">When</HeadCell>
          </TableHead>
          <tbody>
            {rows.map((line) => (
              <TableRow key={line.id}>
                <Cell className="max-w-48 truncate">
                  <RowLink href={causeHref(line, area)}>{causeName(line)}</RowLink>
                </Cell>
                <Cell align="right">
                  <Money amount={line.amount} signed={line.cause.of === "commission" || line.amount.minor < 0n} />
                </Cell>
                {area === "console" && of.affiliateId === null && (
                  <Cell className="max-w-40 truncate">{line.affiliateName}</Cell>
                )}
                <Cell className="text-ink-soft">{whatHappened(line)}</Cell>
                <Cell align="right" className="text-ink-soft">
                  <Time at={line.eventAt} />
                </Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </PagedList>
    </Drawer>
  );
}

function causeHref({ cause }: BalanceLine, area: "console" | "portal"): string {
  const thing = cause.of === "payout" ? { id: cause.payoutId, batchId: cause.batchId } : { id: cause.conversionId };
  return hrefOf(thing, area) ?? "";
}

function causeName({ cause }: BalanceLine): string {
  return cause.of === "payout" ? `Payout …${cause.payoutId.slice(-8)}` : `Order ${cause.externalId}`;
}

/** What a payout did to what is payable. */
const payoutPurposes: Record<string, string> = {
  approve: "Approved for payout",
  fail: "Payout failed: payable again",
  return: "Payout returned: payable again",
  reverse: "Payout reversed: payable again",
  cancel: "Payout canceled: payable again",
};

function whatHappened({ cause }: BalanceLine): string {
  if (cause.of === "commission") return effectWords[cause.purpose];
  return payoutPurposes[cause.purpose] ?? wordsOf("payout", cause.purpose)?.word ?? cause.purpose;
}
