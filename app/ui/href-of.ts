/** Where a thing is shown in full, by its id: in the operator's console or in the affiliate's portal. null for things without a place of their
 *  own; the console shows a payout in its batch. */
export function hrefOf(
  thing: { id: string; batchId?: string | null },
  area: "console" | "portal" = "console",
): string | null {
  const kind = thing.id.split("_")[0] ?? "";
  if (area === "portal") {
    if (kind === "pay") return `/portal/payouts?open=${thing.id}`;
    return kind === "cnv" ? `/portal/earnings?open=${thing.id}` : null;
  }
  switch (kind) {
    case "dlv":
      return `/console/deliveries?open=${thing.id}`;
    case "cnv":
      return `/console/conversions?open=${thing.id}`;
    case "bat":
      return `/console/payouts/${thing.id}`;
    case "pay":
      return thing.batchId ? `/console/payouts/${thing.batchId}?open=${thing.id}` : null;
    default:
      return null;
  }
}
