import type { UsageEvent } from "@tollgate/core";
import type { Pricer } from "@tollgate/pricing";
import type { CorpusCase } from "./corpus-case.ts";
import { startReplayServer } from "./replay-server.ts";
import type { Send } from "./send.ts";

/** What a provider billed for one exchange, what was read of that, and what our price list says. */
export interface PriceResult {
  readonly id: string;
  readonly model: string;
  /** Whole nano-USD. */
  readonly billedNanoUsd: number;
  readonly readNanoUsd: number | undefined;
  readonly pricedNanoUsd: number | undefined;
  readonly pricedBy: string;
  /** Whether the figure that stands in the answer is the one that was booked. */
  readonly isRead: boolean;
  /** Whether our price of the tokens alone is that figure, as far as it is stated. */
  readonly isPriced: boolean;
  /** What explains that it is not, where it is known. */
  readonly reason: string | undefined;
}

/** Compares every exchange that says what it cost. */
export async function comparePrices(
  exchanges: readonly CorpusCase[],
  send: Send,
  pricer: Pricer,
): Promise<readonly PriceResult[]> {
  await using server = await startReplayServer();
  const results: PriceResult[] = [];
  for (const exchange of exchanges) {
    const usd = exchange.expected.providerCost?.usd;
    if (usd === undefined) continue;
    const reading = await send(exchange, server.fetchFor(exchange));
    results.push(
      "notRead" in reading ? notRead(exchange, usd) : compare(exchange, usd, reading.event, pricer),
    );
  }
  return results;
}

function notRead({ id, provider, expected }: CorpusCase, usd: number): PriceResult {
  return {
    id,
    model: `${provider} ${expected.requestModel ?? ""}`.trim(),
    billedNanoUsd: exactNanoUsdOf(usd),
    readNanoUsd: undefined,
    pricedNanoUsd: undefined,
    pricedBy: "",
    isRead: false,
    isPriced: false,
    reason: undefined,
  };
}

/** Without what only the binary fraction has. */
function exactNanoUsdOf(usd: number): number {
  return Number((usd * 1e9).toPrecision(15));
}

function compare(
  exchange: CorpusCase,
  usd: number,
  event: UsageEvent,
  pricer: Pricer,
): PriceResult {
  const model = event.responseModel ?? event.requestModel;
  const { provider, usage, additionalUsage, cost } = event;
  const timeMs = timeOf(exchange) ?? event.timeMs;
  const priced = usage && pricer.priceCall(usage, { provider, model, timeMs, additionalUsage });
  const exactNanoUsd = exactNanoUsdOf(usd);
  const pricedNanoUsd = priced?.totalNanoUsd;
  const isPriced =
    pricedNanoUsd !== undefined &&
    Math.abs(pricedNanoUsd - exactNanoUsd) <= Math.max(1, toleranceNanoUsd(usd));
  return {
    id: exchange.id,
    model: `${provider} ${model ?? ""}`.trim(),
    billedNanoUsd: exactNanoUsd,
    readNanoUsd: cost.totalNanoUsd,
    pricedNanoUsd,
    pricedBy: [priced?.priceSource, priced?.pricedModel, priced?.match].filter(Boolean).join(" "),
    isRead: cost.priceSource === "provider" && cost.totalNanoUsd === Math.ceil(exactNanoUsd),
    isPriced,
    reason: isPriced ? undefined : reasonFor(exchange, event),
  };
}

/** Half of the last digit that is stated; digits that only a binary fraction has do not count. */
function toleranceNanoUsd(usd: number): number {
  const [digits = "", exponent = "0"] = usd.toPrecision(15).split("e");
  const decimals = (digits.split(".")[1] ?? "").replace(/0+$/, "").length - Number(exponent);
  return 0.5 * 10 ** (9 - decimals);
}

const NO_RECORDING_BEFORE_MS = Date.parse("2022-01-01");

/** When the answer says that it was made. */
function timeOf({ response }: CorpusCase): number | undefined {
  const seconds = /"created(?:_at)?":\s*(\d{9,10})\b/.exec(response.body ?? "")?.[1];
  const timeMs = Number(seconds) * 1_000;
  return timeMs > NO_RECORDING_BEFORE_MS ? timeMs : undefined;
}

function reasonFor(exchange: CorpusCase, { provider, usage }: UsageEvent): string | undefined {
  if (exchange.provenance === "authored") return "authored: the figure was made up";
  if (usage?.inputTokens === undefined) return "billed by something else than tokens";
  const host = /"provider":\s*"([^"]+)"/.exec(exchange.response.body ?? "")?.[1];
  if (provider === "openrouter") return `billed at the price of the host that it chose: ${host}`;
  return provider === "huggingface"
    ? "billed at the price of a host that it does not name"
    : undefined;
}
