/**
 * What is read of which provider: docs/providers.md, made of what the codecs say of themselves.
 *
 * Usage: pnpm providers [--write]
 *
 * Prints the page; `--write` writes it instead. Exits 2 when the arguments cannot be used.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { providersPage } from "./providers-page.ts";

const USAGE = "usage: pnpm providers [--write]";
const PAGE = join(import.meta.dirname, "../../docs/providers.md");

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let write: boolean;
  try {
    const options = { write: { type: "boolean", default: false } } as const;
    write = parseArgs({ args: [...args], options }).values.write;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  if (write) await writeFile(PAGE, providersPage());
  else process.stdout.write(providersPage());
  return 0;
}
