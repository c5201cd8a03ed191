import { readFile, stat } from "node:fs/promises";
import { TollgateError } from "@tollgate/core";

/** The text of price data, and the day that it is of as far as that is said. */
export interface SourceText {
  readonly text: string;
  readonly modifiedMs: number | undefined;
}

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads price data from an `https://` or `http://` URL or from a path, whole or not at all.
 *
 * @throws TollgateError `TOLLGATE_PRICES_REFUSED` saying why it cannot be had.
 */
export async function readSource(
  source: string,
  fetch: typeof globalThis.fetch,
): Promise<SourceText> {
  try {
    return await (/^https?:\/\//i.test(source) ? download(source, fetch) : readLocal(source));
  } catch (error) {
    const said = error instanceof Error ? reasonOf(error) : String(error);
    throw new TollgateError("TOLLGATE_PRICES_REFUSED", `${source} cannot be read: ${said}`, {
      cause: error,
    });
  }
}

/** What fetch itself says is only that it failed. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

async function download(url: string, fetch: typeof globalThis.fetch): Promise<SourceText> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`);
  const bytes = await response.bytes();
  const modifiedMs = Date.parse(response.headers.get("last-modified") ?? "");
  return { text: decode(bytes), modifiedMs: Number.isNaN(modifiedMs) ? undefined : modifiedMs };
}

async function readLocal(path: string): Promise<SourceText> {
  const { mtimeMs } = await stat(path);
  return { text: decode(await readFile(path)), modifiedMs: mtimeMs };
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) throw new Error("it has more than 64 MiB, too much for prices");
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
