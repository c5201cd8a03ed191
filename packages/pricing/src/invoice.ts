import { MAX_NANO_USD, type CostType } from "@tollgate/core";

/**
 * One position of an invoice: `nanoUsd` + `picoUsd` / 1000. In two whole numbers, because pico-USD
 * alone would leave the safe integers at nine thousand dollars.
 */
interface InvoiceLine {
  readonly type: CostType;
  readonly nanoUsd: number;
  readonly picoUsd: number;
}

/** The price of one call while it is added up. */
export interface Invoice {
  readonly lines: InvoiceLine[];
  /** True once something billable turned up that has no price, or whose count is unknown. */
  incomplete: boolean;
}

export function createInvoice(): Invoice {
  return { lines: [], incomplete: false };
}

/**
 * Adds `count` units at a price each.
 *
 * @param picoUsdEach - `undefined` when the unit has no price; noted if there are any units.
 */
export function addLine(
  invoice: Invoice,
  type: CostType,
  count: number,
  picoUsdEach: number | undefined,
): void {
  if (count === 0) return;
  if (picoUsdEach === undefined) {
    invoice.incomplete = true;
    return;
  }
  const nanoUsdEach = Math.floor(picoUsdEach / 1000);
  const picoUsdRest = picoUsdEach - nanoUsdEach * 1000;
  invoice.lines.push({ type, nanoUsd: count * nanoUsdEach, picoUsd: count * picoUsdRest });
}

export interface InvoiceTotal {
  readonly totalNanoUsd: number;
  readonly parts: Partial<Record<CostType, number>>;
}

/**
 * Rounds the sum up, once. A part is what the running total grows by, so that whole parts add up to
 * the whole total; each is within one nano-USD of its exact value.
 */
export function totalOf(invoice: Invoice): InvoiceTotal {
  const parts: Partial<Record<CostType, number>> = {};
  let nanoUsd = 0;
  let picoUsd = 0;
  let totalNanoUsd = 0;
  for (const line of invoice.lines) {
    nanoUsd += line.nanoUsd;
    picoUsd += line.picoUsd;
    const runningNanoUsd = Math.min(nanoUsd + Math.ceil(picoUsd / 1000), MAX_NANO_USD);
    parts[line.type] = (parts[line.type] ?? 0) + (runningNanoUsd - totalNanoUsd);
    totalNanoUsd = runningNanoUsd;
  }
  return { totalNanoUsd, parts };
}

/**
 * Splits what a provider billed in the proportions of our own invoice; all of it is the request's
 * when there is nothing to go by.
 */
export function splitBill(billedNanoUsd: number, own: Invoice): InvoiceTotal["parts"] {
  const parts: Partial<Record<CostType, number>> = {};
  const ownNanoUsd = own.lines.reduce((sum, line) => sum + exactNanoUsd(line), 0);
  if (billedNanoUsd > 0 && ownNanoUsd === 0) return { request: billedNanoUsd };
  let exactSoFar = 0;
  let givenSoFar = 0;
  for (const line of own.lines) {
    exactSoFar += exactNanoUsd(line);
    const runningNanoUsd = Math.round(billedNanoUsd * (exactSoFar / ownNanoUsd || 0));
    parts[line.type] = (parts[line.type] ?? 0) + (runningNanoUsd - givenSoFar);
    givenSoFar = runningNanoUsd;
  }
  return parts;
}

function exactNanoUsd(line: InvoiceLine): number {
  return line.nanoUsd + line.picoUsd / 1000;
}
