/** What becomes of a person's money in the demo; everybody else is simply paid. */
export type Fate =
  /** PayPal refuses the receiver, now and in the last batch. */
  | "fails"
  /** The same, but new: has never been in a batch. */
  | "will fail"
  | "will be blocked"
  /** PayPal has no account of that address; the money waits there for thirty days. */
  | "unclaimed"
  /** Came back once; then the person gave another address and was paid. */
  | "returned once"
  | "no destination"
  /** Small purchases only. */
  | "below minimum"
  /** New: everything is still in hold. */
  | "only held";

export type Person = {
  name: string;
  locale: string;
  timeZone: string;
  /** In which currency the person's purchases are made, first the main one. */
  currencies: readonly ("EUR" | "USD" | "JPY")[];
  fate?: Fate;
  /** Days before the start of the demo; without it the person was there from the beginning. */
  joinedDaysAgo?: number;
};

const BERLIN = { locale: "de", timeZone: "Europe/Berlin" };
const VIENNA = { locale: "de-AT", timeZone: "Europe/Vienna" };
const ZURICH = { locale: "de-CH", timeZone: "Europe/Zurich" };
const DUBLIN = { locale: "en-IE", timeZone: "Europe/Dublin" };
const PARIS = { locale: "fr", timeZone: "Europe/Paris" };
const MADRID = { locale: "es", timeZone: "Europe/Madrid" };
const AMSTERDAM = { locale: "nl", timeZone: "Europe/Amsterdam" };
const ROME = { locale: "it", timeZone: "Europe/Rome" };
const NEW_YORK = { locale: "en-US", timeZone: "America/New_York" };
const LOS_ANGELES = { locale: "en-US", timeZone: "America/Los_Angeles" };
const TOKYO = { locale: "ja", timeZone: "Asia/Tokyo" };

const EUR = ["EUR"] as const;
const EUR_USD = ["EUR", "USD"] as const;
const USD = ["USD"] as const;
const JPY = ["JPY"] as const;

/** Everybody who earns in the demo. All of them are made up. The first one is whom the visitor signs in as. */
export const people: readonly Person[] = [
  { name: "Anna Keller", ...BERLIN, currencies: EUR_USD },
  { name: "Jonas Brandt", ...BERLIN, currencies: EUR },
  { name: "Miriam Vogel", ...BERLIN, currencies: EUR },
  { name: "Tobias Lindner", ...BERLIN, currencies: EUR_USD },
  { name: "Leyla Aydin", ...BERLIN, currencies: EUR },
  { name: "Felix Hartmann", ...BERLIN, currencies: EUR },
  { name: "Sophie Neumann", ...BERLIN, currencies: EUR },
  { name: "Katharina Moser", ...VIENNA, currencies: EUR },
  { name: "Lukas Gruber", ...VIENNA, currencies: EUR_USD },
  { name: "Reto Baumann", ...ZURICH, currencies: EUR },
  { name: "Aoife Brennan", ...DUBLIN, currencies: EUR_USD },
  { name: "Cormac Doyle", ...DUBLIN, currencies: EUR },
  { name: "Camille Laurent", ...PARIS, currencies: EUR },
  { name: "Julien Mercier", ...PARIS, currencies: EUR_USD },
  { name: "Inès Fontaine", ...PARIS, currencies: EUR },
  { name: "Lucía Navarro", ...MADRID, currencies: EUR },
  { name: "Diego Serrano", ...MADRID, currencies: EUR },
  { name: "Sanne de Vries", ...AMSTERDAM, currencies: EUR },
  { name: "Bram Jansen", ...AMSTERDAM, currencies: EUR_USD },
  { name: "Chiara Ricci", ...ROME, currencies: EUR },
  { name: "Matteo Conti", ...ROME, currencies: EUR },
  { name: "Paula Schreiber", ...BERLIN, currencies: EUR },
  { name: "Niklas Wolff", ...BERLIN, currencies: EUR },
  { name: "Mehmet Kaya", ...BERLIN, currencies: EUR, fate: "fails", joinedDaysAgo: 74 },
  { name: "Hannah Pichler", ...VIENNA, currencies: EUR, fate: "unclaimed", joinedDaysAgo: 74 },
  { name: "Étienne Roussel", ...PARIS, currencies: EUR, fate: "returned once", joinedDaysAgo: 104 },
  { name: "Marek Nowak", ...BERLIN, currencies: EUR, fate: "will fail", joinedDaysAgo: 45 },
  { name: "Carmen Ortega", ...MADRID, currencies: EUR, fate: "will be blocked", joinedDaysAgo: 45 },
  { name: "Greta Olsen", ...BERLIN, currencies: EUR, fate: "no destination" },
  { name: "Stefan Huber", ...VIENNA, currencies: EUR, fate: "no destination", joinedDaysAgo: 90 },
  { name: "Nora Feldmann", ...BERLIN, currencies: EUR, fate: "below minimum", joinedDaysAgo: 70 },
  { name: "Pieter Smit", ...AMSTERDAM, currencies: EUR, fate: "below minimum", joinedDaysAgo: 60 },
  { name: "Elif Demir", ...BERLIN, currencies: EUR, fate: "only held", joinedDaysAgo: 17 },
  { name: "Hugo Lambert", ...PARIS, currencies: EUR, fate: "only held", joinedDaysAgo: 12 },
  { name: "Grace Mitchell", ...NEW_YORK, currencies: USD },
  { name: "Marcus Reed", ...NEW_YORK, currencies: USD },
  { name: "Olivia Parker", ...LOS_ANGELES, currencies: USD },
  { name: "Daniel Cho", ...LOS_ANGELES, currencies: USD },
  { name: "Hana Sato", ...TOKYO, currencies: JPY },
  { name: "Kenji Tanaka", ...TOKYO, currencies: JPY },
  { name: "Yui Nakamura", ...TOKYO, currencies: JPY },
  { name: "Daichi Mori", ...TOKYO, currencies: JPY },
  { name: "Aiko Fujita", ...TOKYO, currencies: JPY },
  { name: "Ren Kobayashi", ...TOKYO, currencies: JPY },
];

/** "étienne.roussel" becomes "etienne.roussel": an address and a link need plain letters. */
export function handleOf(person: Person): string {
  const plain = person.name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z]+/g, ".");
}

/** Where PayPal is told to send a person's money. The simulator reads the outcome from the word before the plus. */
export function receiverOf(person: Person): string | null {
  const address = `${handleOf(person)}@example.com`;
  switch (person.fate) {
    case "no destination":
      return null;
    case "fails":
    case "will fail":
      return `fail+${address}`;
    case "will be blocked":
      return `blocked+${address}`;
    case "unclaimed":
      return `unclaimed+${address}`;
    case "returned once":
      return `returned+${address}`;
    default:
      return address;
  }
}
