import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import * as z from "zod";
import { corpusCaseSchema, type CorpusCase } from "./corpus-case.ts";

/** A directory or a case file that cannot be used; the message says which and why. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
}

/**
 * Reads every case below a directory, in the order of their paths.
 *
 * @throws CorpusError when the directory holds none, or one of them cannot be read.
 */
export async function readCases(directory: string): Promise<readonly CorpusCase[]> {
  const files = await findCaseFiles(directory);
  if (files.length === 0) throw new CorpusError(`${directory}: no case files (*.json) below it`);
  return Promise.all(files.map((file) => readCase(directory, file)));
}

async function findCaseFiles(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    throw new CorpusError(`${directory}: cannot be read as a directory: ${messageOf(error)}`);
  }
}

async function readCase(directory: string, file: string): Promise<CorpusCase> {
  const name = relative(directory, file);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new CorpusError(`${name}: not a JSON file: ${messageOf(error)}`);
  }
  const parsed = corpusCaseSchema.safeParse(value);
  if (!parsed.success)
    throw new CorpusError(`${name}: not a case: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
