/**
 * Replays recorded provider exchanges through a local server and compares what is read with what
 * should be.
 *
 * Usage: pnpm corpus DIR [--splits N] [--json] [--prices]
 *
 * DIR holds one JSON file per case, in any depth. `--splits` replays each answer N more times, cut into
 * pieces at random places. `--json` adds the results as one last line of JSON. `--prices` compares what
 * providers say they billed with what is booked, and with our price of the tokens alone.
 * Exits 1 when a case failed, 2 when the directory or a case file cannot be used.
 */
import { parseArgs } from "node:util";
import { createPricer } from "@tollgate/pricing";
import { comparePrices } from "./compare-prices.ts";
import { formatPrices, isExplained } from "./price-report.ts";
import { CorpusError, readCases } from "./read-cases.ts";
import type { CorpusCase } from "./corpus-case.ts";
import { countOf, formatJson, formatReport } from "./report.ts";
import { runCorpus } from "./run-corpus.ts";
import { sendMetered } from "./send.ts";

const USAGE = "usage: pnpm corpus DIR [--splits N] [--json] [--prices]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { directory, json, prices, splits } = readArguments(args);
    const cases = await readCases(directory);
    if (prices) return await showPrices(cases);
    const results = await runCorpus(cases, sendMetered, splits);
    process.stdout.write(`${formatReport(results)}\n`);
    if (json) process.stdout.write(`${formatJson(results)}\n`);
    return countOf(results, "failed") === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function showPrices(cases: readonly CorpusCase[]): Promise<number> {
  const results = await comparePrices(cases, sendMetered, createPricer());
  process.stdout.write(`${formatPrices(results)}\n`);
  return results.every(isExplained) ? 0 : 1;
}

interface Arguments {
  readonly directory: string;
  readonly prices: boolean;
  readonly json: boolean;
  readonly splits: number;
}

function readArguments(args: readonly string[]): Arguments {
  let parsed;
  try {
    const options = {
      json: { type: "boolean", default: false },
      prices: { type: "boolean", default: false },
      splits: { type: "string", default: "0" },
    } as const;
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new CorpusError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  const [directory, ...others] = parsed.positionals;
  if (directory === undefined || others.length > 0) throw new CorpusError(USAGE);
  const splits = Number(parsed.values.splits);
  if (!Number.isInteger(splits) || splits < 0) {
    throw new CorpusError(`--splits ${parsed.values.splits}: write a whole number, such as 20`);
  }
  const { json, prices } = parsed.values;
  return { directory, json, prices, splits };
}
