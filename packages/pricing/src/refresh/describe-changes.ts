import type { CatalogueChanges, ChangedPrice } from "./compare-catalogues.ts";

/** What a refresh would change, a line each, with the sums last. */
export function describeChanges(changes: CatalogueChanges): readonly string[] {
  const { added, removed, changed } = changes;
  return [
    ...added.map((name) => `+ ${name}`),
    ...removed.map((name) => `- ${name}`),
    ...changed.map((change) => `  ${describeChange(change)}`),
    `${added.length} added, ${removed.length} removed, ${changed.length} prices changed`,
  ];
}

/** `openai gpt-5 input_mtok: $1.25 to $1 (-20%)`. */
export function describeChange(change: ChangedPrice): string {
  const { provider, model, price, before, after, factor } = change;
  const by = factor === undefined ? "" : ` (${percent(factor)})`;
  return `${provider} ${model} ${price}: ${dollars(before)} to ${dollars(after)}${by}`;
}

function dollars(usd: number | undefined): string {
  return usd === undefined ? "none" : `$${usd}`;
}

function percent(factor: number): string {
  const change = Number(((factor - 1) * 100).toPrecision(3));
  return `${change > 0 ? "+" : ""}${change}%`;
}
