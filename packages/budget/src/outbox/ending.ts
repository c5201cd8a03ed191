/** The end of a lease, as data. Ending a lease twice does no harm: the first end counts. */
export interface Ending {
  readonly leaseId: string;
  /** What was used, in the order of the holds; `undefined` releases them. */
  readonly amounts: readonly number[] | undefined;
  /** Which part of its store has the lease, where a store has parts. */
  readonly partition?: string | undefined;
}

/** One line, with its end: what is cut off is no line. */
export function writeEnding({ leaseId, amounts, partition }: Ending): string {
  return `${JSON.stringify({ lease: leaseId, amounts, partition })}\n`;
}

/** `undefined` when the line is none of {@link writeEnding}. */
export function readEnding(line: string): Ending | undefined {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null) return undefined;
  const { lease: leaseId, amounts, partition }: Line = data;
  if (typeof leaseId !== "string" || !isText(partition) || !isAmounts(amounts)) return undefined;
  return { leaseId, amounts, ...(partition !== undefined && { partition }) };
}

interface Line {
  readonly lease?: unknown;
  readonly amounts?: unknown;
  readonly partition?: unknown;
}

function isText(data: unknown): data is string | undefined {
  return data === undefined || typeof data === "string";
}

function isAmounts(data: unknown): data is number[] | undefined {
  if (data === undefined) return true;
  return Array.isArray(data) && data.every((amount) => typeof amount === "number" && amount >= 0);
}
