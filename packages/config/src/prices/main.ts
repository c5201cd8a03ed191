/**
 * Writes a file of price data from another, after showing what changes.
 *
 * Usage: pnpm prices refresh SOURCE --out FILE [--yes] [--even-thousandfold]
 *
 * SOURCE is a URL or a path of price data in the form of genai-prices' `data.json`. `--yes` takes it without
 * asking, `--even-thousandfold` also if prices change so much that the unit looks wrong.
 * Exits 1 when nothing was written, with the old file as it was; 2 when it was called wrongly.
 */
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { isTollgateError } from "@tollgate/core";
import { refreshPrices } from "./refresh-prices.ts";

const USAGE = "usage: pnpm prices refresh SOURCE --out FILE [--yes] [--even-thousandfold]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  try {
    const { written } = await refreshPrices({
      ...asked,
      tell: (line) => process.stdout.write(`${line}\n`),
      confirm: () => asked.yes || ask(`Write ${asked.out}? [y/N] `),
    });
    process.stdout.write(written ? `${asked.out} is written\n` : "nothing is written\n");
    return written ? 0 : 1;
  } catch (error) {
    if (!isTollgateError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Where nobody can answer, the answer is no. */
async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write("nobody is there to ask: add --yes to take it\n");
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

interface Arguments {
  readonly source: string;
  readonly out: string;
  readonly yes: boolean;
  readonly evenThousandfold: boolean;
}

function readArguments(args: readonly string[]): Arguments | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: "string" },
        yes: { type: "boolean", default: false },
        "even-thousandfold": { type: "boolean", default: false },
      },
    });
    const [command, source, ...others] = positionals;
    const { out, yes, "even-thousandfold": evenThousandfold } = values;
    if (command !== "refresh" || source === undefined || out === undefined) return undefined;
    return others.length > 0 ? undefined : { source, out, yes, evenThousandfold };
  } catch {
    return undefined;
  }
}
