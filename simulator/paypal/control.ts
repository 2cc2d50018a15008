import { z } from "zod";
import { parseDecimal, paypalExponent } from "@/simulator/amounts";
import type { Reply } from "./answers";
import { faultPlanShape } from "./faults";
import type { PayPalRail } from "./rail";
import { reportBooks } from "./report-books";

const clockShape = z.strictObject({ at: z.iso.datetime({ offset: true }).nullable(), running: z.boolean().optional() });
const settleShape = z.strictObject({ late: z.boolean().optional() });
const balancesShape = z.record(z.string(), z.string().nullable());

/** The judge's side door: reads the books, sets faults, clock and balances. Not part of PayPal; needs no token. */
export function control(rail: PayPalRail, method: string, path: string, text: string): Reply {
  switch (`${method} ${path}`) {
    case "GET /control/health":
      return { status: 200, body: { ok: true, now: rail.clock.now().toISOString() } };
    case "GET /control/books":
      return { status: 200, body: reportBooks(rail.books) };
    case "GET /control/faults":
      return faultsReply(rail);
    case "POST /control/faults":
      return withBody(text, faultPlanShape, (plan) => {
        rail.faults.set(plan);
        return faultsReply(rail);
      });
    case "POST /control/clock":
      return withBody(text, clockShape, ({ at, running }) => {
        rail.clock.set(at === null ? null : new Date(at), running);
        return { status: 200, body: { now: rail.clock.now().toISOString() } };
      });
    case "POST /control/settle":
      return withBody(text || "{}", settleShape, ({ late }) => {
        rail.books.advance(rail.clock.now(), late ? "late" : "settle");
        return { status: 200, body: { settled: true } };
      });
    case "POST /control/balances":
      return withBody(text, balancesShape, (balances) => setBalances(rail, balances));
    default:
      return { status: 404, body: { error: `no control endpoint ${method} ${path}` } };
  }
}

/** Sets what is at hand per currency; null makes a currency bottomless again.  Errors (400): an amount or currency
 *  PayPal does not know. */
function setBalances(rail: PayPalRail, balances: Record<string, string | null>): Reply {
  for (const [currency, value] of Object.entries(balances)) {
    if (value === null) {
      rail.balances.delete(currency);
      continue;
    }
    const exponent = paypalExponent(currency);
    const minor = exponent === null ? null : parseDecimal(value, exponent);
    if (minor === null) return { status: 400, body: { error: `balance ${value} ${currency} is not an amount` } };
    rail.balances.set(currency, minor);
  }
  return { status: 200, body: { balances } };
}

function faultsReply(rail: PayPalRail): Reply {
  return { status: 200, body: { ...rail.faults.plan(), hits: Object.fromEntries(rail.books.faults) } };
}

function withBody<T>(text: string, shape: z.ZodType<T>, run: (value: T) => Reply): Reply {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { status: 400, body: { error: "the body is not JSON" } };
  }
  const parsed = shape.safeParse(json);
  return parsed.success ? run(parsed.data) : { status: 400, body: { error: z.prettifyError(parsed.error) } };
}
