import type { OperatorRole } from "@/server/access";

/** What a role is called, and what it is for. The deeds themselves are the server's table. */
export const roleWords: Record<OperatorRole, { word: string; what: string }> = {
  owner: { word: "Owner", what: "may do everything" },
  admin: { word: "Admin", what: "people, sources and deliveries; no payouts" },
  finance: { word: "Finance", what: "builds and approves payouts, settles tasks" },
  manager: { word: "Manager", what: "sources, deliveries and mails" },
  viewer: { word: "Viewer", what: "sees everything, changes nothing" },
};

export const roles = Object.keys(roleWords) as OperatorRole[];
