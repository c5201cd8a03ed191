import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

/**
 * The whole of a command that makes a page of docs/: prints it, or writes it with `--write`.
 *
 * @param name - of the command and of the page.
 * @returns the exit code: 2 when the arguments cannot be used.
 */
export async function runPageCommand(name: string, page: string): Promise<number> {
  let write: boolean;
  try {
    const options = { write: { type: "boolean", default: false } } as const;
    write = parseArgs({ options }).values.write;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${reason}\nusage: pnpm ${name} [--write]\n`);
    return 2;
  }
  if (write) await writeFile(join(import.meta.dirname, "../docs", `${name}.md`), page);
  else process.stdout.write(page);
  return 0;
}
