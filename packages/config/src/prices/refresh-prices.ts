import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { TollgateError } from "@tollgate/core";
import type { Catalogue } from "@tollgate/pricing";
import {
  bundledPrices,
  compareCatalogues,
  describeChange,
  describeChanges,
  readCatalogue,
  thousandfold,
  writeCatalogue,
  type CatalogueChanges,
} from "@tollgate/pricing/refresh";
import { readSource, type SourceText } from "./read-source.ts";
import { replaceFile } from "./replace-file.ts";

export interface RefreshOptions {
  /** A URL or a path of price data in the form of genai-prices' `data.json`. */
  readonly source: string;
  /** The file to write: what `pricing.catalogue` names. */
  readonly out: string;
  /** Asked before anything is written, once the changes have been told. */
  readonly confirm: (changes: CatalogueChanges) => Promise<boolean> | boolean;
  /** Hears what would change, line by line. */
  readonly tell: (line: string) => void;
  /** Takes prices that are a thousand times what they were, or a thousandth. @defaultValue `false` */
  readonly evenThousandfold?: boolean | undefined;
  /** @defaultValue the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds since the epoch. @defaultValue the system's */
  readonly now?: (() => number) | undefined;
}

export interface Refreshed {
  /** False when the answer was no, or when nothing has changed. */
  readonly written: boolean;
  readonly changes: CatalogueChanges;
}

/**
 * Writes a file of price data from another, after telling what changes against the file that is there, else
 * against the bundled data.
 *
 * @throws TollgateError `TOLLGATE_PRICES_REFUSED` when the source cannot be read, makes no sense, or cannot be
 *   written; the old file is as it was then.
 */
export async function refreshPrices(options: RefreshOptions): Promise<Refreshed> {
  const { source, out, confirm, tell, fetch = globalThis.fetch, now = Date.now } = options;
  const read = await readSource(source, fetch);
  const catalogue = parse(source, read, now());
  const before = await readPresent(out, tell);
  const changes = compareCatalogues(before, catalogue);
  tell(`${before.version} of ${before.date} to ${catalogue.version} of ${catalogue.date}:`);
  for (const line of describeChanges(changes)) tell(line);
  if (options.evenThousandfold !== true) refuseThousandfold(source, changes);
  if (!(await confirm(changes))) return { written: false, changes };
  try {
    await replaceFile(out, writeCatalogue(catalogue));
  } catch (error) {
    throw refused(`${out} cannot be written: ${messageOf(error)}; nothing has changed`, error);
  }
  return { written: true, changes };
}

function refused(message: string, cause?: unknown): TollgateError {
  return new TollgateError("TOLLGATE_PRICES_REFUSED", message, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const MAX_SHOWN = 10;

function parse(source: string, { text, modifiedMs }: SourceText, nowMs: number): Catalogue {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const read = readCatalogue(text, {
    version: `${basename(source.replace(/[?#].*$/, ""))}@${hash}`,
    date: new Date(Math.min(modifiedMs ?? nowMs, nowMs)).toISOString().slice(0, 10),
  });
  if (read.problems === undefined) return read.catalogue;
  throw refused(`${source} is refused:${listed(read.problems)}`);
}

function listed(lines: readonly string[]): string {
  const more = lines.length > MAX_SHOWN ? [`and ${lines.length - MAX_SHOWN} more`] : [];
  return [...lines.slice(0, MAX_SHOWN), ...more].map((line) => `\n  ${line}`).join("");
}

function refuseThousandfold(source: string, changes: CatalogueChanges): void {
  const odd = thousandfold(changes);
  if (odd.length === 0) return;
  throw refused(
    `${source} is refused: prices change a thousandfold; is the unit right?${listed(odd.map(describeChange))}`,
  );
}

/** What the new data is compared with. */
async function readPresent(path: string, tell: (line: string) => void): Promise<Catalogue> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return bundledPrices();
  }
  const read = readCatalogue(text);
  if (read.problems === undefined) return read.catalogue;
  tell(`${path} ${read.problems[0] ?? "makes no sense"}; compared with the bundled data instead`);
  return bundledPrices();
}
