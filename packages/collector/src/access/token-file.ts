import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { TollgateError } from "@tollgate/core";
import type { LoadedConfig } from "@tollgate/config";
import * as z from "zod";
import { ACCESS_SCOPES, type AccessScope } from "./caller.ts";

/** What is kept of a token. */
export interface TokenEntry {
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly scopes: readonly AccessScope[];
  /** @defaultValue all organisations */
  readonly organization?: string | undefined;
  /** Whose it is, for people. */
  readonly note?: string | undefined;
  readonly createdMs: number;
}

const entrySchema: z.ZodType<TokenEntry> = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{8,32}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(ACCESS_SCOPES)).min(1),
  organization: z.string().min(1).optional(),
  note: z.string().optional(),
  createdMs: z.number(),
});
const fileSchema = z.strictObject({ tokens: z.array(entrySchema) });

/** Where tokens are. */
export function tokenFileOf(
  { collector }: Pick<LoadedConfig, "collector">,
  dataFolder: string,
): string {
  return collector.tokens ?? join(dataFolder, "tokens.json");
}

/**
 * Reads the file of tokens.
 *
 * @returns nothing for a file that is not there.
 * @throws TollgateError `TOLLGATE_CONFIG_INVALID` when it cannot be read or is no such file: tokens that cannot be read must not mean
 *   that none are asked for.
 */
export function readTokenFile(path: string): readonly TokenEntry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw unreadable(path, "it cannot be read", error);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, "it is no JSON", error);
  }
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data.tokens;
  const [issue] = parsed.error.issues;
  throw unreadable(path, `${issue?.path.join(".")}: ${issue?.message}`);
}

/** Writes it whole, for its owner alone to read; a crash leaves the old one or the new one. */
export function writeTokenFile(path: string, tokens: readonly TokenEntry[]): void {
  const written = `${path}.${process.pid}.part`;
  const descriptor = openSync(written, "w", 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ tokens }, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  chmodSync(written, 0o600);
  renameSync(written, path);
}

/** Changes whenever the file does. */
export function versionOfTokenFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

function unreadable(path: string, why: string, cause?: unknown): TollgateError {
  return new TollgateError(
    "TOLLGATE_CONFIG_INVALID",
    `the tokens in ${path} are not known, because ${why}; mend the file, or move it away and create new tokens with tollgate token create`,
    { cause },
  );
}
