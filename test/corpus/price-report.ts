import { formatTable } from "../markdown-table.ts";
import type { PriceResult } from "./compare-prices.ts";

/** True when a figure is read right, and our own price is the same or known to differ for a reason. */
export function isExplained({ isRead, isPriced, reason }: PriceResult): boolean {
  return isRead && (isPriced || reason !== undefined);
}

/** A table of what was billed, read and computed, with the sums below it. */
export function formatPrices(results: readonly PriceResult[]): string {
  const head = ["model", "billed $:", "read", "our price $:", "by", "verdict"];
  const rows = results.map((result) => [
    result.model,
    dollars(result.billedNanoUsd),
    result.isRead ? "same" : (dollars(result.readNanoUsd) ?? "nothing"),
    dollars(result.pricedNanoUsd) ?? "none",
    result.pricedBy,
    verdictOf(result),
  ]);
  const count = (has: (result: PriceResult) => boolean): number => results.filter(has).length;
  const listed = results
    .filter((result) => !isExplained(result))
    .map((result) => `  ${result.id}: ${result.isRead ? "no reason is known" : "read wrong"}`);
  return [
    ...formatTable(
      head,
      rows.map((cells) => cells.map((cell) => cell ?? "")),
    ),
    "",
    `${results.length} cases say what they cost; read right: ${count(({ isRead }) => isRead)}; ` +
      `priced right from tokens alone: ${count(({ isPriced }) => isPriced)}; ` +
      `explained: ${count((result) => !result.isPriced && isExplained(result))}; wrong: ${listed.length}`,
    ...listed,
  ].join("\n");
}

function verdictOf({ isPriced, reason }: PriceResult): string {
  return isPriced ? "same" : (reason ?? "WRONG");
}

/** As many digits as a nano-dollar has. */
function dollars(nanoUsd: number | undefined): string | undefined {
  return nanoUsd === undefined ? undefined : (nanoUsd / 1e9).toFixed(9);
}
