/**
 * Replays recorded provider exchanges through a local server and compares what is read with what
 * should be.
 *
 * Usage: pnpm corpus DIR [--splits N] [--json]
 *
 * DIR holds one JSON file per case, in any depth. `--splits` replays each answer N more times, cut into
 * pieces at random places. `--json` adds the results as one last line of JSON.
 * Exits 1 when a case failed, 2 when the directory or a case file cannot be used.
 */
import { parseArgs } from "node:util";
import { CorpusError, readCases } from "./read-cases.ts";
import { countOf, formatJson, formatReport } from "./report.ts";
import { runCorpus } from "./run-corpus.ts";
import { sendMetered } from "./send.ts";

const USAGE = "usage: pnpm corpus DIR [--splits N] [--json]";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { directory, json, splits } = readArguments(args);
    const results = await runCorpus(await readCases(directory), sendMetered, splits);
    process.stdout.write(`${formatReport(results)}\n`);
    if (json) process.stdout.write(`${formatJson(results)}\n`);
    return countOf(results, "failed") === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

interface Arguments {
  readonly directory: string;
  readonly json: boolean;
  readonly splits: number;
}

function readArguments(args: readonly string[]): Arguments {
  let parsed;
  try {
    const options = {
      json: { type: "boolean", default: false },
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
  return { directory, json: parsed.values.json, splits };
}
