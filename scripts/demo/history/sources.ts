/** A network of the demo: how it reports and how much it reported in the past. */
export type SourcePlan = {
  key: string;
  name: string;
  program: "cashback" | "travel";
  dialect: "generic" | "awin";
  currency: "EUR" | "USD" | "JPY";
  exponent: number;
  /** Whether its requests are signed, so that its word counts as confirmed. */
  isSigned: boolean;
  /** Chooses the parameter names and status words of a generic network. */
  habits: number;
  /** Begins its order numbers. */
  prefix: string;
  conversions: number;
  sinceDaysAgo: number;
  saleMinor: readonly [least: number, most: number];
  smallSaleMinor: readonly [least: number, most: number];
  /** Its shop; links go there. */
  shop: string;
};

/** The networks of the demo. */
export const sourcePlans: readonly SourcePlan[] = [
  {
    key: "partnerwerk",
    name: "Partnerwerk",
    program: "cashback",
    dialect: "generic",
    currency: "EUR",
    exponent: 2,
    isSigned: false,
    habits: 3,
    prefix: "PW-",
    conversions: 360,
    sinceDaysAgo: 122,
    saleMinor: [4_900, 69_900],
    smallSaleMinor: [900, 1_900],
    shop: "https://kaufhaus.example/angebote",
  },
  {
    key: "northlink",
    name: "Northlink",
    program: "cashback",
    dialect: "generic",
    currency: "USD",
    exponent: 2,
    isSigned: true,
    habits: 5,
    prefix: "NL",
    conversions: 120,
    sinceDaysAgo: 118,
    saleMinor: [3_900, 54_900],
    smallSaleMinor: [900, 1_900],
    shop: "https://outfitters.example/deals",
  },
  {
    key: "hoshi",
    name: "Hoshi Travel Network",
    program: "travel",
    dialect: "generic",
    currency: "JPY",
    exponent: 0,
    isSigned: true,
    habits: 8,
    prefix: "HT",
    conversions: 90,
    sinceDaysAgo: 120,
    saleMinor: [6_800, 98_000],
    smallSaleMinor: [900, 1_900],
    shop: "https://ryokan.example/stay",
  },
  {
    key: "awin",
    name: "Awin",
    program: "cashback",
    dialect: "awin",
    currency: "EUR",
    exponent: 2,
    isSigned: false,
    habits: 1,
    prefix: "awin-",
    conversions: 50,
    sinceDaysAgo: 26,
    saleMinor: [2_900, 39_900],
    smallSaleMinor: [900, 1_900],
    shop: "https://moebel.example/neu",
  },
];
