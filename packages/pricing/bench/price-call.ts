/**
 * The time that one price takes, ours beside the catalogue's own calculator, in one interleaved run; medians of
 * rounds in nanoseconds per call.
 *
 * Usage: pnpm --filter @tollgate/pricing run bench
 */
import { calcPrice } from "@pydantic/genai-prices";
import { createPricer } from "../src/index.ts";

const ROUNDS = 40;
const pricer = createPricer();
const timeMs = Date.now();

const plain = { inputTokens: 1_000, outputTokens: 500 };
const cached = {
  inputTokens: 102_050,
  cacheReadTokens: 100_000,
  cacheWriteTokens: 2_000,
  cacheWrite1hTokens: 500,
  outputTokens: 1_000,
};
const openai = { provider: "openai", model: "gpt-4o-mini", timeMs, serviceTier: "default" };
const claude = {
  provider: "anthropic",
  model: "claude-opus-4-6",
  timeMs,
  serviceTier: "standard",
  speed: "fast",
  region: "us",
};

interface Lane {
  readonly name: string;
  readonly calls: number;
  readonly run: () => unknown;
  readonly nsPerCall: number[];
}

const lane = (name: string, calls: number, run: () => unknown): Lane => ({
  name,
  calls,
  run,
  nsPerCall: [],
});

const lanes = [
  lane("priceCall, plain", 20_000, () => pricer.priceCall(plain, openai)),
  lane("priceCall, cached, fast, in the US", 20_000, () => pricer.priceCall(cached, claude)),
  lane("calcPrice, plain", 500, () =>
    calcPrice({ input_tokens: 1_000, output_tokens: 500 }, "gpt-4o-mini", { providerId: "openai" }),
  ),
];

for (let round = 0; round < ROUNDS; round++) {
  for (const { calls, run, nsPerCall } of lanes) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) run();
    nsPerCall.push(Number(process.hrtime.bigint() - start) / calls);
  }
}

for (const { name, nsPerCall } of lanes) {
  const median = nsPerCall.toSorted((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN;
  process.stdout.write(`${name.padEnd(40)} ${median.toFixed(0).padStart(8)} ns\n`);
}
