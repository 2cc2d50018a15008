import { buildWhenNeeded } from "./build-when-needed";
import type { ReadyDemo } from "./demo-state";
import { launch } from "./launch";

/** `npm run demo`: builds when needed, seeds a new folder, serves, lets the outside world act, until it is stopped. */
export function launchDemo(argv: readonly string[]): Promise<void> {
  return launch(
    {
      name: "demo",
      mode: "demo",
      prepare: () => buildWhenNeeded((line) => console.log(line)),
      serve: ["scripts/start.mjs"],
      isQuiet: true,
      reportsPerSecond: 2,
      welcome,
    },
    argv,
  );
}

function welcome(
  demo: ReadyDemo,
  { url, dataDir, simulator }: Parameters<Parameters<typeof launch>[0]["welcome"]>[1],
): string {
  const world = simulator
    ? "Four simulated networks report about twice a second; a simulated PayPal pays."
    : "Nothing is simulated: no network reports and no payout can leave.";
  return `
  Tributary is running:  ${url}

  Sign in with one click, as the operator ${demo.operator.name} or as the member ${demo.affiliate.name}:
                         ${url}/sign-in
  Every mail it wrote:   ${url}/dev/mail
  ${world}

  Send a purchase of ${demo.affiliate.name}'s yourself. The same again answers "duplicate"; status=declined takes it back:

${invitation(demo, url, Date.now())}

  Stop: Ctrl-C.  Begin anew: npm run demo -- --reset  (everything is in ${dataDir}).

`;
}

/** A command to paste, on a line of its own. Its order number is new at every start. */
export function invitation(
  { invitation: { token, subId } }: Pick<ReadyDemo, "invitation">,
  url: string,
  startedAt: number,
): string {
  const query = `sub1=${subId}&order_id=YOURS-${startedAt.toString(36)}&amount=129.00&payout=10.32&currency=EUR&status=approved`;
  return `curl "${url}/api/postbacks/${token}?${query}"`;
}
