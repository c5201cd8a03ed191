import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Sighting } from "../src/confirmation.ts";
import type { PriceCorrection } from "../src/corrections/correction.ts";
import { CORRECTIONS } from "../src/corrections/index.ts";
import { createPricer } from "../src/index.ts";
import { FAST_MODE, OPENAI_PRIORITY, type Premium } from "../src/premiums.ts";

interface Row extends Sighting {
  readonly provider: string;
  readonly model: string;
  readonly what: string;
}

const ROWS: readonly Row[] = [
  ...CORRECTIONS.flatMap((correction) =>
    correction.models.map((model) => ({ ...correction, model, what: priceFrom(correction) })),
  ),
  ...rowsOf(OPENAI_PRIORITY, "openai", "priority"),
  ...rowsOf(FAST_MODE, "anthropic", "fast mode"),
];

function priceFrom({ effectiveFrom }: PriceCorrection): string {
  return effectiveFrom === undefined ? "price" : `price from ${effectiveFrom.slice(0, 10)}`;
}

function rowsOf(
  premiums: ReadonlyMap<string, Premium>,
  provider: string,
  what: string,
): readonly Row[] {
  return [...premiums].map(([model, premium]) => ({ ...premium, provider, model, what }));
}

/** One line for each page, with the models whose prices it has. */
function tableOf(rows: readonly Row[]): readonly string[] {
  const models = new Map<string, Set<string>>();
  for (const { provider, model, what, source } of rows) {
    const line = `| ${provider} | MODELS | ${what} | <${source}> |`;
    models.set(line, (models.get(line) ?? new Set()).add(`\`${model}\``));
  }
  return [...models].map(([line, named]) => line.replace("MODELS", [...named].join(", ")));
}

describe("prices that only third parties have", () => {
  const thirdParty = ROWS.filter(
    // Snapshots have the price of the model whose name begins theirs.
    ({ confirmed, model }) => confirmed === "third-party" && !/[*?]/.test(model),
  );

  it("are all listed in docs/pricing.md, and no others", () => {
    const docs = readFileSync(new URL("../../../docs/pricing.md", import.meta.url), "utf8");
    const lines = docs.split("\n").map((line) => line.replaceAll(/ {2,}/g, " "));
    const start = lines.indexOf("| provider | models | what | from |") + 2;
    const table = lines.slice(start, lines.indexOf("", start));
    expect(table).toEqual(tableOf(thirdParty));
  });

  const pricer = createPricer();
  const versionOf = (provider: string, model: string, terms = {}): string | undefined => {
    const call = { provider, model, timeMs: Date.parse("2026-11-20T12:00:00Z"), ...terms };
    return pricer.priceCall({ inputTokens: 1, outputTokens: 1 }, call).catalogueVersion;
  };

  it("say so in what they price", () => {
    expect(versionOf("openai", "gpt-6.1-sol")).toBe("corrections/third-party/2026-11-22");
    expect(versionOf("openai", "gpt-6.1-terra")).toBe("corrections/2026-11-22");
  });

  it("a premium of theirs is named beside the list price", () => {
    const priority = { serviceTier: "priority" };
    expect(versionOf("openai", "o4-mini", priority)).toBe(
      "genai-prices/0.1.8+third-party/2026-11-22",
    );
    expect(versionOf("openai", "gpt-6.1-terra", priority)).toBe(
      "corrections/2026-11-22+third-party/2026-11-22",
    );
    expect(versionOf("openai", "o3", priority)).toBe("genai-prices/0.1.8");
    expect(versionOf("openai", "o4-mini")).toBe("genai-prices/0.1.8");
  });
});
