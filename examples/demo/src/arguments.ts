import { parseArgs } from "node:util";

export interface DemoOptions {
  /** Ends after a fixed set of jobs instead of at Ctrl-C. */
  readonly once: boolean;
  /** Prints the figures as JSON in the last line. */
  readonly json: boolean;
  /** How long `/metrics` stays up after the end. */
  readonly holdSeconds: number;
}

export type Arguments =
  | { readonly kind: "run"; readonly options: DemoOptions }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

export const USAGE = `Usage: npm start -- [options]

Three agents, two providers, four budgets: all on this machine, without network or keys.
Runs until Ctrl-C and serves the metrics of all agents at one address.

  --once            run a fixed set of jobs, print a summary and end
  --json            with --once: the figures as JSON, in the last line
  --hold <seconds>  with --once: keep /metrics up that long after the end
  --help            print this
`;

const MAX_HOLD_SECONDS = 86_400;

/** Reads the command line. */
export function parseArguments(args: readonly string[]): Arguments {
  const parsed = parse(args);
  if (parsed instanceof Error) return wrong(parsed.message);
  if (parsed.help) return { kind: "help" };
  const { once = false, json = false, hold = "0" } = parsed;
  if (!once && json) return wrong("--json goes with --once: without it the demo has no end");
  if (!once && parsed.hold !== undefined) {
    return wrong("--hold goes with --once: without it the demo runs until Ctrl-C anyway");
  }
  const holdSeconds = parseSeconds(hold);
  if (holdSeconds === undefined) {
    return wrong(
      `--hold takes seconds, 0 to ${MAX_HOLD_SECONDS}, such as --hold 30, not "${hold}"`,
    );
  }
  return { kind: "run", options: { once, json, holdSeconds } };
}

function parseSeconds(text: string): number | undefined {
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  return seconds >= 0 && seconds <= MAX_HOLD_SECONDS ? seconds : undefined;
}

interface Flags {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly hold?: string;
  readonly help?: boolean;
}

function parse(args: readonly string[]): Flags | Error {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean" },
        json: { type: "boolean" },
        hold: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function wrong(message: string): Arguments {
  return { kind: "wrong", message };
}
