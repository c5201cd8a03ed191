import { readFile } from "node:fs/promises";
import * as z from "zod";

const spanSchema = z.object({
  traceId: z.string(),
  name: z.string(),
  scope: z.string(),
  attributes: z.record(z.string(), z.unknown()),
});

/** A span as its sender made it. */
export type SentSpan = z.output<typeof spanSchema>;

/** Without those of the app itself, which only say which call is which. */
export async function readSentSpans(file: string): Promise<readonly SentSpan[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n").filter(Boolean);
  return lines
    .map((line) => spanSchema.parse(JSON.parse(line)))
    .filter(({ scope }) => scope !== "interop.app");
}
