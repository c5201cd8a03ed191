import { CONFIG } from "../../config.ts";
import {
  AGENT,
  ERROR_TYPE,
  MODEL,
  OUTCOME,
  PROVIDER,
  RUN_AGENT,
  TOOL,
} from "../../metrics/labels.ts";
import {
  AGENT_DURATION,
  DURATION,
  FIRST_CHUNK,
  OUTPUT_TOKENS,
  REQUESTS,
  TOOL_DURATION,
} from "../../metrics/names.ts";
import { ratio } from "../../promql/promql.ts";
import {
  callsRate,
  callsTotal,
  named,
  observed,
  observedQuantile,
  observedTotal,
  perMinute,
} from "../queries.ts";
import { CALLS, RUNS } from "../variables.ts";

const MADE = `${OUTCOME}!="refused"`;
const failed = [...CALLS, `${ERROR_TYPE}!=""`];
const limited = [...CALLS, `${ERROR_TYPE}=~"${CONFIG.provider.rateLimitErrors}"`];
const all = observedTotal(DURATION);

export const duration = (share: number): string => observedQuantile(share, DURATION);
export const durationByModel: string = observedQuantile(0.95, DURATION, CALLS, [MODEL]);
export const firstChunk = (share: number): string => observedQuantile(share, FIRST_CHUNK);
export const firstChunkByModel: string = observedQuantile(0.95, FIRST_CHUNK, CALLS, [MODEL]);
export const tokensPerSecond: string = ratio(
  callsRate(OUTPUT_TOKENS, [MODEL]),
  observed("sums", DURATION, CALLS, [MODEL]),
);
export const callRateByModel: string = perMinute(callsRate(REQUESTS, [MODEL], MADE));
export const limitedShare: string = ratio(
  `(${observedTotal(DURATION, limited)} or 0 * ${all})`,
  all,
);
export const errorShare: string = ratio(
  `(${callsTotal(REQUESTS, [], `${OUTCOME}="error"`)} or 0 * ${callsTotal(REQUESTS, [])})`,
  callsTotal(REQUESTS, [], `${OUTCOME}!="refused"`),
);
export const cancelledShare: string = ratio(
  `(${callsTotal(REQUESTS, [], `${OUTCOME}="cancelled"`)} or 0 * ${callsTotal(REQUESTS, [])})`,
  callsTotal(REQUESTS, [], `${OUTCOME}!="refused"`),
);
export const errorsByType: string = perMinute(
  observed("counts", DURATION, failed, [PROVIDER, ERROR_TYPE]),
);
export const agentDuration: string = observedQuantile(0.95, AGENT_DURATION, RUNS, [RUN_AGENT]);
export const toolDuration: string = observedQuantile(0.95, TOOL_DURATION, RUNS, [TOOL]);
export const callRateByAgent: string = named(AGENT, perMinute(callsRate(REQUESTS, [AGENT], MADE)));
