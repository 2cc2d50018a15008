import type { ReadyDemo } from "./demo-state";
import { launch } from "./launch";
import { invitation } from "./launch-demo";

/** `npm run dev`: the demo's data under Next's development server. */
export function launchDev(argv: readonly string[]): Promise<void> {
  return launch(
    {
      name: "development server",
      mode: "development",
      prepare: async () => {},
      serve: ["node_modules/next/dist/bin/next", "dev"],
      isQuiet: false,
      // Next prints every request.
      reportsPerSecond: 0.5,
      welcome,
    },
    argv,
  );
}

function welcome(demo: ReadyDemo, { url }: { url: string }): string {
  const people = [demo.operator, demo.affiliate];
  const rows = people.map(({ name, email, password }) => `    ${email}  ${password}   (${name})`);
  return `
  Development server:  ${url}   (mails: ${url}/dev/mail)
  Sign in with:
${rows.join("\n")}

${invitation(demo, url, Date.now())}

`;
}
