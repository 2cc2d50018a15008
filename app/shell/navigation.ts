import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Banknote,
  Home,
  Inbox,
  LayoutDashboard,
  ListTodo,
  type LucideIcon,
  Mail,
  ShoppingBag,
  Users,
  Wallet,
} from "lucide-react";

/** One place of an area: G and then its letter lead there. */
export type Place = { href: string; word: string; key: string; icon: LucideIcon };

export type Area = "console" | "portal";

export const places: Record<Area, readonly Place[]> = {
  console: [
    { href: "/console", word: "Overview", key: "o", icon: LayoutDashboard },
    { href: "/console/deliveries", word: "Deliveries", key: "d", icon: Inbox },
    { href: "/console/conversions", word: "Conversions", key: "c", icon: ShoppingBag },
    { href: "/console/payouts", word: "Payouts", key: "p", icon: Banknote },
    { href: "/console/tasks", word: "Tasks", key: "t", icon: ListTodo },
    { href: "/console/mails", word: "Mails", key: "m", icon: Mail },
    { href: "/console/people", word: "People", key: "e", icon: Users },
  ],
  portal: [
    { href: "/portal", word: "Home", key: "h", icon: Home },
    { href: "/portal/earnings", word: "Earnings", key: "e", icon: ArrowDownToLine },
    { href: "/portal/payouts", word: "Payouts", key: "p", icon: ArrowUpFromLine },
    { href: "/portal/destination", word: "Destination", key: "d", icon: Wallet },
  ],
};

/** Whether a path belongs to a place: the first of an area is only itself, the others also what lies below them. */
export function isAt(pathname: string, place: Place): boolean {
  const isRoot = place.href.split("/").length === 2;
  return pathname === place.href || (!isRoot && pathname.startsWith(`${place.href}/`));
}
