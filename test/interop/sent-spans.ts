import { readFile } from "node:fs/promises";
import * as z from "zod";

/** A span as its sender made it. */
export interface SentSpan {
  readonly traceId: string;
  readonly name: string;
  readonly scope: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const spanSchema: z.ZodType<SentSpan> = z.object({
  traceId: z.string(),
  name: z.string(),
  scope: z.string(),
  attributes: z.record(z.string(), z.unknown()),
});

/** Without those of the app itself, which only say which call is which. */
export async function readSentSpans(file: string): Promise<readonly SentSpan[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n").filter(Boolean);
  return lines
    .map((line) => spanSchema.parse(JSON.parse(line)))
    .filter(({ scope }) => scope !== "interop.app");
}
