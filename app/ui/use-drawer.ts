"use client";

import { parseAsString, useQueryState } from "nuqs";

/** Which thing the drawer shows, kept in the URL as `?open=cnv_…`: links open it, and the back button closes it. */
export function useDrawer(): { openId: string | null; close: () => void } {
  const [openId, setOpenId] = useQueryState("open", parseAsString.withOptions({ scroll: false }));
  return { openId, close: () => void setOpenId(null, { history: "replace" }) };
}
