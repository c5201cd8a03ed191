import { join } from "node:path";
import { createPricer } from "@tollgate/pricing";
import { expect, test } from "vitest";
import { comparePrices } from "./compare-prices.ts";
import { formatPrices, isExplained } from "./price-report.ts";
import { readCases } from "./read-cases.ts";
import { sendMetered } from "./send.ts";

const compared = async (name: string) =>
  comparePrices(
    await readCases(join(import.meta.dirname, "fixtures", name)),
    sendMetered,
    createPricer(),
  );

test("what providers bill is read as it stands, and our own price is the same or explained", async () => {
  const results = await compared("prices");
  expect(results.map(({ id, isRead, isPriced, reason }) => [id, isRead, isPriced, reason])).toEqual(
    [
      [
        "openrouter-chat-json-another-host",
        true,
        false,
        "billed at the price of the host that it chose: DeepInfra",
      ],
      ["openrouter-chat-json-as-listed", true, true, undefined],
      ["xai-chat-json-made-up", true, false, "authored: the figure was made up"],
      ["xai-chat-json-nobody-knows-why", true, false, undefined],
    ],
  );
  expect(results.filter((result) => !isExplained(result))).toHaveLength(1);
});

test("the report ends with the sums and with what nothing explains", async () => {
  expect(
    formatPrices(await compared("prices"))
      .split("\n")
      .slice(-2),
  ).toEqual([
    "4 cases say what they cost; read right: 4; priced right from tokens alone: 1; explained: 2; wrong: 1",
    "  xai-chat-json-nobody-knows-why: no reason is known",
  ]);
});

test("cases that do not say what they cost are left aside", async () => {
  expect(await compared("right")).toEqual([]);
});
