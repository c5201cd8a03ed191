import type { TokenUsage } from "@tollgate/core";
import { addLine, type Invoice } from "./invoice.ts";
import { itemize, saysUsage } from "./itemize.ts";
import type { PriceOrigin, ScheduledPrice } from "./schedule.ts";

/**
 * Adds one model's usage to an invoice.
 *
 * @param fallback - for a price of nothing that was used: of pages, where tokens are reported.
 * @param isRequest - whether a fee for the request itself is due.
 * @returns where the price is from; `undefined` when there is none.
 */
export function charge(
  invoice: Invoice,
  usage: TokenUsage,
  price: ScheduledPrice | undefined,
  fallback: ScheduledPrice | undefined,
  isRequest: boolean,
): PriceOrigin | undefined {
  const { incomplete } = invoice;
  const linesBefore = invoice.lines.length;
  const origin = chargeAt(invoice, usage, price, isRequest);
  const pricesNothing = invoice.incomplete && invoice.lines.length === linesBefore;
  if (fallback === undefined || price === fallback || !pricesNothing) return origin;
  invoice.incomplete = incomplete;
  return chargeAt(invoice, usage, fallback, isRequest);
}

function chargeAt(
  invoice: Invoice,
  usage: TokenUsage,
  price: ScheduledPrice | undefined,
  isRequest: boolean,
): PriceOrigin | undefined {
  const table = price?.table;
  if (price === undefined || table === undefined || !saysUsage(usage)) {
    invoice.incomplete = true;
    return undefined;
  }
  const linesBefore = invoice.lines.length;
  itemize(invoice, usage, table);
  if (price.understated === true && invoice.lines.length > linesBefore) invoice.incomplete = true;
  if (isRequest && table.fees.request !== undefined && table.fees.request > 0) {
    addLine(invoice, "request", 1, table.fees.request);
  }
  return price.origin;
}
