/**
 * Dashboards, rules and the page of metrics, made of this package's sources.
 *
 * Usage: pnpm grafana [--write]           everything under version control
 *        pnpm grafana --rules FILE        rules for the budgets of a tollgate.yaml, printed
 *
 * Without `--write` it prints the names of what it would make. Exits 2 when the arguments cannot be used.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { CONFIG } from "./config.ts";
import { generatedFiles } from "./generated-files.ts";
import { readThresholds } from "./read-thresholds.ts";
import { generateRules } from "./rules/generate-rules.ts";

const ROOT = join(import.meta.dirname, "../..");

async function main(): Promise<number> {
  let values: { readonly write: boolean; readonly rules?: string | undefined };
  try {
    ({ values } = parseArgs({
      options: { write: { type: "boolean", default: false }, rules: { type: "string" } },
    }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${reason}\nusage: pnpm grafana [--write | --rules tollgate.yaml]\n`);
    return 2;
  }
  if (values.rules !== undefined) {
    const budgets = readThresholds(await readFile(values.rules, "utf8"));
    process.stdout.write(generateRules({ config: CONFIG, budgets }));
    return 0;
  }
  for (const [path, text] of generatedFiles(CONFIG)) {
    process.stdout.write(`${path}\n`);
    if (!values.write) continue;
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    await mkdir(join(ROOT, dirname(path)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    await writeFile(join(ROOT, path), text);
  }
  return 0;
}

process.exitCode = await main();
