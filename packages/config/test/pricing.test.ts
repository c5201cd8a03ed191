import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPricer } from "@tollgate/pricing";
import { bundledPrices, writeCatalogue } from "@tollgate/pricing/refresh";
import { describe, expect, test } from "vitest";
import { checkFile, loadConfig } from "../src/index.ts";
import { load, makeFolder, problemsOf, refusalOf } from "./load.ts";

const TIME_MS = Date.parse("2026-09-01T12:00:00Z");
const USAGE = { inputTokens: 1_000, outputTokens: 100 };

const EVERY_KEY = `
pricing:
  overrides:
    - provider: openai
      model: "ft:gpt-5-mini:acme:*"
      inputPerMtok: "0.30"
      outputPerMtok: "1.20"
      cacheReadPerMtok: "0.15"
      cacheWritePerMtok: 0.4
      reasoningPerMtok: 1.3
      audioInputPerMtok: 8
      perRequest: "0.000001"
      perWebSearch: "0.01"
      tierMode: marginal
      tiers:
        - { aboveInputTokens: 200000, inputPerMtok: "0.60", outputPerMtok: "2.40" }
      serviceTier: standard
      effectiveFrom: 2026-07-01
      effectiveUntil: 2027-07-01T12:00:00Z
      discountPercent: 12.5
      note: "contract 4711, EUR at 1.08 of 2026-06-30"
    - provider: vllm
      model: "*"
      selfHosted: { usdPerGpuHour: "3.60", gpus: 8, tokensPerSecond: 8000 }
    - { provider: openai, model: gpt-4o, discountPercent: 10 }
  deployments: { chat: gpt-4o-2024-08-06 }
  onUnpriced: { price: { inputPerMtok: 10, outputPerMtok: 40 } }
`;

test("a file with every kind of price makes a pricer that uses them", () => {
  const { pricing, warnings } = load(EVERY_KEY);
  expect(warnings).toEqual([]);
  const pricer = createPricer(pricing);
  const price = (provider: string, model: string) =>
    pricer.priceCall(USAGE, { provider, model, timeMs: TIME_MS });
  // 1,000 × $0.30 + 100 × $1.20 per million, and a millionth of a dollar; an eighth off.
  expect(price("openai", "ft:gpt-5-mini:acme:x:1").totalNanoUsd).toBe((421_000 * 7) / 8);
  // $28.80 an hour over 8,000 tokens a second: a millionth of a dollar each.
  expect(price("vllm", "anything").totalNanoUsd).toBe(1_100_000);
  expect(price("openai", "gpt-4o").totalNanoUsd).toBe((3_500_000 * 9) / 10);
  expect(price("azure.ai.openai", "chat")).toMatchObject({ pricedModel: "gpt-4o" });
  expect(price("nobody", "unheard-of")).toMatchObject({
    totalNanoUsd: 14_000_000,
    priceSource: "fallback",
  });
});

test.each(["count", "deny"])("onUnpriced: %s", (onUnpriced) => {
  expect(load(`pricing: { onUnpriced: ${onUnpriced} }`).pricing).toMatchObject({
    onUnpriced,
    fallback: undefined,
  });
});

describe("nonsense is refused with its place", () => {
  const price = "use US dollars per million tokens, a number from 0 on such as 2.5";

  test.each([
    ["pricing: { onUnpriced: refuse }", 'is the text "refuse"; write count, deny, or price'],
    [
      "pricing:\n  onUnpriced: { price: { inputPerMtok: -1, outputPerMtok: 1 } }",
      `tollgate.yaml:2:26  pricing.onUnpriced.price.inputPerMtok: is -1; ${price}`,
    ],
    [
      "pricing:\n  onUnpriced: { price: { inputPerMtok: .nan, outputPerMtok: 1 } }",
      `tollgate.yaml:2:26  pricing.onUnpriced.price.inputPerMtok: is NaN; ${price}`,
    ],
    [
      "pricing:\n  onUnpriced: { price: { inputPerMtok: 1, outputPerMtok: 1, model: x } }",
      "tollgate.yaml:2:61  pricing.onUnpriced.price.model: unknown key",
    ],
    ["pricing:\n  deployments: { chat: 4 }", "pricing.deployments.chat: is 4; write the model"],
    [
      "pricing:\n  overrides:\n    - { provider: p, model: m, inputPerMtok: 1, outputPerMtok: 100001 }",
      "tollgate.yaml:3:49  pricing.overrides[0].outputPerMtok: more than $100000 per million tokens is absurd",
    ],
    [
      "pricing:\n  overrides:\n    - provider: p\n      model: m\n      inputPerMtok: 1\n      outputPerMtok: 1\n      tiers: [{ aboveInputTokens: 5, inputPermtok: 1 }]",
      'tollgate.yaml:7:38  pricing.overrides[0].tiers[0].inputPermtok: unknown key; did you mean "inputPerMtok"?',
    ],
    [
      "pricing:\n  overrides:\n    - { provider: p, model: m, discountPercent: 120 }",
      "tollgate.yaml:3:32  pricing.overrides[0].discountPercent: is 120; use per cent from 0 to 100",
    ],
    [
      "pricing:\n  overrides:\n    - { provider: p, model: m, selfHosted: { usdPerGpuHour: 2, tokensPerSecond: 0 } }",
      "pricing.overrides[0].selfHosted.tokensPerSecond: is 0; use a number of tokens per second above 0",
    ],
    ["pricing: { overrides: [daily] }", "pricing.overrides[0]: "],
  ])("%s", (content, problem) => {
    const problems = problemsOf(content);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

test("a price that is a thousand times off is warned of with its place", () => {
  const content = `pricing:
  overrides:
    - { provider: openai, model: gpt-4o, inputPerMtok: 2500, outputPerMtok: 10 }
  onUnpriced: { price: { inputPerMtok: 0.00001, outputPerMtok: 1 } }
`;
  expect(load(content).warnings).toEqual([
    "tollgate.yaml:3:42  pricing.overrides[0].inputPerMtok: $2500 per million tokens is 1000 times the list price of $2.5; is the unit right?",
    "tollgate.yaml:4:26  pricing.onUnpriced.price.inputPerMtok: $0.00001 per million tokens is like no price there is; is the unit right?",
  ]);
});

const folderWith = (text: string): string => {
  const folder = makeFolder();
  writeFileSync(join(folder, "prices.json"), text);
  writeFileSync(join(folder, "tollgate.yaml"), "pricing: { catalogue: ./prices.json }\n");
  return folder;
};

describe("a refreshed catalogue", () => {
  const catalogue = {
    ...bundledPrices(),
    version: "data.json@0123",
    date: "2026-11-30",
    providers: [
      {
        id: "openai",
        models: [
          { id: "gpt-4o", match: { equals: "gpt-4o" }, prices: { input_mtok: 7, output_mtok: 8 } },
        ],
      },
    ],
  };

  test("beats the bundled one, from the folder of the configuration", () => {
    const cwd = makeFolder();
    const env = { TOLLGATE_CONFIG: join(folderWith(writeCatalogue(catalogue)), "tollgate.yaml") };
    const pricer = createPricer(loadConfig({ cwd, env }).pricing);
    const call = { provider: "openai", model: "gpt-4o", timeMs: TIME_MS };
    expect(pricer.priceCall(USAGE, call)).toMatchObject({
      totalNanoUsd: 7_800_000,
      catalogueVersion: "data.json@0123",
      catalogueDate: "2026-11-30",
    });
  });

  test.each([
    ["half of it", writeCatalogue(catalogue).slice(0, 90), "is not JSON, or only the beginning"],
    ["nothing", "", "is not JSON, or only the beginning"],
    ["another file", '{"project":"atlas"}', "holds no list of providers"],
    [
      "a negative price",
      writeCatalogue(catalogue).replace('"input_mtok":7', '"input_mtok":-7'),
      "openai gpt-4o.prices.input_mtok is -7, no number of dollars from 0 on",
    ],
    ["no name of its own", JSON.stringify(catalogue.providers), "does not say its version"],
  ])("with %s in it is refused at the start", (_what, text, problem) => {
    const { problems } = refusalOf(() => loadConfig({ cwd: folderWith(text), env: {} }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(
      `tollgate.yaml:1:12  pricing.catalogue: ./prices.json ${problem}`,
    );
  });

  test("that is not there is refused, from the working directory where no file is named", () => {
    const { problems } = checkFile("pricing: { catalogue: none/prices.json }", "t.yaml");
    expect(problems).toMatchObject([
      { line: 1, message: "none/prices.json cannot be read: there is no such file" },
    ]);
  });
});
