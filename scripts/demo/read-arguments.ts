import { parseArgs } from "node:util";
import { Refusal } from "@/server/errors";

/** What was asked of a launcher. */
export type LaunchArguments = {
  /** null: the first free port from 3000 on. */
  port: number | null;
  /** Wipe the data folder first. */
  reset: boolean;
  /** Whether simulated networks send and a simulated PayPal pays. */
  simulator: boolean;
};

/** Reads `-- --reset --no-simulator` and PORT.
 *  Errors: invalid_input (an unknown argument, a PORT that is no port). */
export function readArguments(argv: readonly string[], variables: { PORT?: string }): LaunchArguments {
  const values = parse(argv);
  return { port: portOf(variables.PORT), reset: values.reset ?? false, simulator: !values["no-simulator"] };
}

function parse(argv: readonly string[]) {
  try {
    const options = { reset: { type: "boolean" }, "no-simulator": { type: "boolean" } } as const;
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    const words = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Refusal(
      "invalid_input",
      `${words}. There are two: -- --reset and -- --no-simulator (and PORT=4000 before the command).`,
    );
  }
}

function portOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw new Refusal("invalid_input", `PORT is "${text}"; a port is a number from 1 to 65535`);
  return port;
}
