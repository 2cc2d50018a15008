/** Which room may import which: the table from which `biome.imports.json` is written (`npm run format`).
 *  Imports point at the ledger, and the ledger points at money. */

/** Importable from every server room. */
export const base = [
  "errors",
  "env",
  "ids",
  "log",
  "money",
  "time",
  "db",
  "access",
  "activity",
  "organizations",
] as const;

/** server/<room> → the other rooms whose `index.ts` it may import, besides its own files. */
export const rooms: Record<string, readonly string[]> = {
  money: ["errors"],
  time: ["errors"],
  db: ["errors", "env", "ids", "log", "time"],
  access: ["errors", "env", "ids", "log", "time", "db"],
  organizations: ["errors", "ids", "db"],
  activity: ["errors", "ids", "log", "money", "time", "db"],
  engine: ["errors", "env", "ids", "log", "time", "db"],
  networks: ["errors", "money", "time"],
  rails: ["errors", "money", "time"],
  ledger: base,
  affiliates: base,
  programs: base,
  attribution: base,
  sources: [...base, "networks"],
  commissions: [...base, "programs", "affiliates", "ledger"],
  conversions: [...base, "attribution", "commissions", "programs"],
  deliveries: [...base, "networks", "conversions"],
  payouts: [...base, "rails", "commissions", "affiliates", "programs", "ledger"],
  insight: [
    ...base,
    "sources",
    "deliveries",
    "conversions",
    "commissions",
    "payouts",
    "affiliates",
    "programs",
    "ledger",
  ],
  mail: [...base, "insight", "payouts", "commissions", "affiliates", "programs"],
};

type Override = { includes: string[]; linter: { rules: { style: { noRestrictedImports: object } } } };

const noClimbing = {
  group: ["../**"],
  message: "Climbing out of a folder hides where the import points: write @/server/<room>, or ./ within the folder.",
};

/** The Biome overrides for the whole table; later entries replace earlier ones, so each is complete. */
export function importOverrides(): Override[] {
  return [...Object.keys(rooms).flatMap(roomOverrides), ...edgeOverrides()];
}

function roomOverrides(room: string): Override[] {
  const allowed = rooms[room] ?? [];
  const alternative = `server/${room} may import only: ${allowed.join(", ") || "nothing"} (by index). Move the code to the room that owns it, or pass the value in.`;
  const own = [`!@/server/${room}/**`];
  const others = allowed.flatMap((name) => [`!@/server/${name}`]);
  const schema = allowed.includes("db") || room === "db" ? ["!@/drizzle/schema", "!@/drizzle/schema/**"] : [];
  const files = restrict(
    [`server/${room}/**`],
    ["@/**", ...own, ...others, ...schema, ...registries(room)],
    alternative,
  );
  const pure = restrict(
    [`server/${room}/rules/**`],
    [
      "@/**",
      "node:*",
      "drizzle-orm",
      "drizzle-orm/**",
      "inngest",
      ...own.map((o) => o.replace("/**", "/rules/**")),
      "!@/server/errors",
      "!@/server/money",
      "!@/server/time",
    ],
    "A rule is pure: it imports money, time, errors and rules of its own room. Read in a verb and pass the value in.",
  );
  return [files, pure];
}

function registries(room: string): string[] {
  const mail = room === "mail" ? ["!@/emails/**"] : [];
  return ["!@/server/inngest/client", "!@/server/inngest/events", "!@/server/trpc/init", ...mail];
}

function edgeOverrides(): Override[] {
  return [
    restrict(
      ["app/**"],
      [
        "@/server/**",
        "@/drizzle/**",
        "!@/server/*",
        "!@/server/trpc/**",
        "!@/server/inngest/**",
        "!@/server/db/database",
      ],
      "A screen or route imports a room's index or server/trpc: no SQL, no money arithmetic here.",
    ),
    restrict(
      ["emails/**"],
      ["@/**", "!@/emails/**"],
      "A template gets finished words and amounts as props; it imports only emails/_parts.",
    ),
    restrict(
      ["simulator/**"],
      ["@/**", "!@/simulator/**"],
      "The simulator judges the product: it imports nothing of it. Write its own reading of the provider's documents.",
    ),
  ];
}

function restrict(includes: string[], group: string[], message: string): Override {
  return {
    includes,
    linter: {
      rules: {
        style: {
          noRestrictedImports: {
            level: "error",
            options: { patterns: [{ group, message }, noClimbing] },
          },
        },
      },
    },
  };
}
