import { AGENT, MODEL, RUN_AGENT } from "../../metrics/labels.ts";
import {
  AGENT_CALLS,
  AGENT_TOOL_CALLS,
  CACHE_READ_TOKENS,
  CACHE_WRITE_TOKENS,
  COST,
  ESTIMATED,
  INPUT_PER_CALL,
  INPUT_TOKENS,
  OUTPUT_PER_CALL,
  OUTPUT_TOKENS,
  REASONING_TOKENS,
  REQUESTS,
} from "../../metrics/names.ts";
import { ratio } from "../../promql/promql.ts";
import { average, callsRate, callsTotal, named, observedQuantile } from "../queries.ts";
import { CALLS, RUNS } from "../variables.ts";

const none = (whole: string): string => `0 * ${whole}`;
const share = (part: string, whole: string): string => ratio(`(${part} or ${none(whole)})`, whole);

export const cacheShare: string = share(callsTotal(CACHE_READ_TOKENS), callsTotal(INPUT_TOKENS));
export const cacheShareByModel: string = share(
  callsRate(CACHE_READ_TOKENS, [MODEL]),
  callsRate(INPUT_TOKENS, [MODEL]),
);
export const readsPerWrite: string = ratio(
  callsTotal(CACHE_READ_TOKENS),
  callsTotal(CACHE_WRITE_TOKENS),
);
export const reasoningShare: string = share(
  callsTotal(REASONING_TOKENS),
  callsTotal(OUTPUT_TOKENS),
);
export const reasoningByModel: string = share(
  callsRate(REASONING_TOKENS, [MODEL]),
  callsRate(OUTPUT_TOKENS, [MODEL]),
);
export const estimatedShare: string = share(callsTotal(ESTIMATED), callsTotal(REQUESTS));
const million = (cost: string, input: string, output: string): string =>
  `1e6 * ${ratio(cost, `(${input} + ${output})`)}`;
export const perMillionTokens: string = million(
  callsTotal(COST),
  callsTotal(INPUT_TOKENS),
  callsTotal(OUTPUT_TOKENS),
);
export const perMillionByModel: string = million(
  callsRate(COST, [MODEL]),
  callsRate(INPUT_TOKENS, [MODEL]),
  callsRate(OUTPUT_TOKENS, [MODEL]),
);
export const perThousandByAgent: string = named(
  AGENT,
  `1000 * ${ratio(callsRate(COST, [AGENT]), callsRate(REQUESTS, [AGENT]))}`,
);
export const outputPerInput: string = named(
  AGENT,
  ratio(callsRate(OUTPUT_TOKENS, [AGENT]), callsRate(INPUT_TOKENS, [AGENT])),
);
export const inputPerCall = (quantile: number): string =>
  observedQuantile(quantile, INPUT_PER_CALL, CALLS);
export const outputPerCall = (quantile: number): string =>
  observedQuantile(quantile, OUTPUT_PER_CALL, CALLS);
export const callsPerRun: string = average(AGENT_CALLS, RUNS, [RUN_AGENT]);
export const toolCallsPerRun: string = average(AGENT_TOOL_CALLS, RUNS, [RUN_AGENT]);
