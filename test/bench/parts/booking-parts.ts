import { calcPrice } from "@pydantic/genai-prices";
import type { TokenUsage, UsageEvent } from "@tollgate/core";
import { createMetering, type Metering } from "@tollgate/metering";
import { createPricer, type PricedCall } from "@tollgate/pricing";
import { ATTRIBUTION } from "../lanes/hard-policies.ts";
import { createLaneTelemetry } from "../lanes/telemetry.ts";
import type { Part } from "./part.ts";

const MODEL = "gpt-4o-mini-2024-07-18";
const TIME_MS = Date.UTC(2026, 0, 5, 12);
const USAGE: TokenUsage = { inputTokens: 19, outputTokens: 80, cacheReadTokens: 0 };
const PRICED: PricedCall = { provider: "openai", model: MODEL, timeMs: TIME_MS };
const pricer = createPricer();

const PRICE: Part = {
  name: "priceCall, a known model",
  run: () => pricer.priceCall(USAGE, PRICED),
  floor: "calcPrice of genai-prices",
  runFloor: () =>
    calcPrice({ input_tokens: 19, output_tokens: 80, cache_read_tokens: 0 }, MODEL, {
      providerId: "openai",
      timestamp: new Date(TIME_MS),
    }),
};

const EVENT: UsageEvent = {
  id: "call-1",
  timeMs: TIME_MS,
  attribution: ATTRIBUTION,
  provider: "openai",
  operation: "chat",
  api: "openai.chat",
  requestModel: "gpt-4o-mini",
  responseModel: MODEL,
  responseId: "chatcmpl-BenchAnswer",
  streaming: false,
  usage: USAGE,
  additionalUsage: [],
  estimated: false,
  cost: pricer.priceCall(USAGE, PRICED),
  outcome: "ok",
  errorType: undefined,
  finishReasons: ["stop"],
  toolCalls: [],
  durationMs: 812,
  timeToFirstChunkMs: undefined,
  chunks: undefined,
  traceId: undefined,
  spanId: undefined,
};

function recordPart(
  name: string,
  metering: Metering,
  floor: Pick<Part, "floor" | "runFloor">,
): Part {
  return { name, run: () => metering.record(EVENT), ...floor };
}

function boundMetering(): Metering {
  const metering = createMetering();
  metering.bind(createLaneTelemetry().meter);
  return metering;
}

/** One lookup and one sum for each series that the event adds to. */
function bareSums(): () => void {
  const series = ["requests", "cost.input", "cost.output", "input", "output"];
  const sums = new Map(series.map((name) => [name, { sum: 0 }]));
  return () => {
    for (const name of series) {
      const account = sums.get(name);
      if (account) account.sum += 19;
    }
  };
}

function bareHistograms(): () => void {
  const { meter } = createLaneTelemetry();
  const histograms = ["a", "b", "c"].map((name) => meter.createHistogram(name));
  const labels = { "gen_ai.request.model": "gpt-4o-mini", "tollgate.organization": "acme" };
  return () => {
    for (const histogram of histograms) histogram.record(19, labels);
  };
}

export const BOOKING_PARTS: readonly Part[] = [
  PRICE,
  recordPart("metering, no meter", createMetering(), {
    floor: "five sums in a Map",
    runFloor: bareSums(),
  }),
  recordPart("metering, with histograms", boundMetering(), {
    floor: "three histogram.record()",
    runFloor: bareHistograms(),
  }),
];
