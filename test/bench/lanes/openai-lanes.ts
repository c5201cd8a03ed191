import type { OpenAI } from "openai";
import type { Lane } from "../measure.ts";
import { bareFetch } from "./bare-fetch.ts";
import { meteredFetch, type Metered } from "./metered-fetch.ts";
import { loadOpenAi, type OpenAiPackage } from "./openai-copy.ts";
import { patchWith, PEERS, type Peer } from "./peers.ts";
import { createLaneTelemetry, type LaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

/** A lane that says what it must be seen to record. */
export interface ObservedLane extends Lane {
  readonly telemetry: LaneTelemetry;
  readonly spans: 0 | 1;
}

/** The same client, the same answer and the same work in every lane. */
export interface OpenAiWork {
  readonly fetch: Fetch;
  readonly work: (client: OpenAI) => Promise<unknown>;
}

interface Instrumented {
  readonly name: string;
  readonly spans: 0 | 1;
  readonly fetch?: (fetch: Fetch, telemetry: LaneTelemetry) => Fetch;
  readonly peer?: Peer;
}

export const UNINSTRUMENTED = "no instrumentation";
export const BARE = "bare span + 3 histogram records";
export const TOLLGATE = "tollgate";
export const SPANS_OFF = "tollgate, spans off";
const NO_BUDGETS = "tollgate, no budgets";

const none = (name: string): Instrumented => ({ name, spans: 0 });
const tollgate = (name: string, options: Metered = {}): Instrumented => ({
  name,
  spans: options.spans === false ? 0 : 1,
  fetch: (fetch, telemetry) => meteredFetch(fetch, telemetry, options),
});

const BASICS: readonly Instrumented[] = [
  none(UNINSTRUMENTED),
  none(`${UNINSTRUMENTED}, again (noise)`),
  { name: BARE, spans: 1, fetch: bareFetch },
  tollgate(TOLLGATE),
  tollgate(SPANS_OFF, { spans: false }),
];

/** What Tollgate costs with the client's newest version. */
export const basicLanes = (work: OpenAiWork): ObservedLane[] => createLanes("openai", BASICS, work);

/** The same and one without budgets, then its peers, with the newest version of the client that they know. */
export const lanesWithPeers = (work: OpenAiWork): ObservedLane[] => [
  ...createLanes("openai", [...BASICS, tollgate(NO_BUDGETS, { budgets: 0 })], work),
  ...createLanes(
    "openai6",
    [
      none(UNINSTRUMENTED),
      ...PEERS.map((peer): Instrumented => ({ name: peer.name, spans: 1, peer })),
      tollgate(TOLLGATE),
      tollgate(NO_BUDGETS, { budgets: 0 }),
    ],
    work,
  ),
];

function createLanes(
  client: OpenAiPackage,
  lanes: readonly Instrumented[],
  { fetch, work }: OpenAiWork,
): ObservedLane[] {
  return lanes.map(({ name, spans, fetch: wrap, peer }) => {
    const telemetry = createLaneTelemetry();
    const copy = loadOpenAi(client);
    if (peer) patchWith(peer, copy, telemetry);
    const openai = new copy.module.OpenAI({
      apiKey: "sk-bench",
      fetch: wrap?.(fetch, telemetry) ?? fetch,
      maxRetries: 0,
    });
    const group = `openai ${copy.version}`;
    return { name, group, spans, telemetry, run: () => work(openai) };
  });
}
