import type { OpenAI } from "openai";
import {
  BARE_SPAN,
  NOISE,
  none,
  SPANS_OFF,
  TOLLGATE,
  tollgate,
  UNINSTRUMENTED,
  type Instrumented,
  type ObservedLane,
} from "./instrumented.ts";
import { loadOpenAi, type OpenAiPackage } from "./openai-copy.ts";
import { patchWith, PEERS } from "./peers.ts";
import { createLaneTelemetry } from "./telemetry.ts";

type Fetch = typeof fetch;

/** The same client, the same answer and the same work in every lane. */
export interface OpenAiWork {
  readonly fetch: Fetch;
  readonly work: (client: OpenAI) => Promise<unknown>;
  /** @defaultValue the client's name and version */
  readonly group?: string;
}

const BASICS: readonly Instrumented[] = [
  none(UNINSTRUMENTED),
  none(NOISE),
  BARE_SPAN,
  tollgate(TOLLGATE),
  tollgate(SPANS_OFF, { spans: false }),
];

/** Of the newest version of the client. */
export const openAiLanes = (
  lanes: readonly Instrumented[],
  work: OpenAiWork,
): readonly ObservedLane[] => createLanes("openai", lanes, work);

/** All that Tollgate has, then its peers, with the newest version of the client that they know. */
export const lanesWithPeers = (work: OpenAiWork): readonly ObservedLane[] => [
  ...createLanes("openai", [...BASICS, tollgate("tollgate, no budgets", { budgets: 0 })], work),
  ...createLanes(
    "openai6",
    [
      none(UNINSTRUMENTED),
      none(NOISE),
      ...PEERS.map((peer): Instrumented => ({ name: peer.name, spans: 1, peer })),
      tollgate(TOLLGATE),
      tollgate(SPANS_OFF, { spans: false }),
    ],
    work,
  ),
];

function createLanes(
  client: OpenAiPackage,
  lanes: readonly Instrumented[],
  { fetch, work, group: named }: OpenAiWork,
): ObservedLane[] {
  return lanes.map(({ name, spans, fetch: wrap, peer }) => {
    const telemetry = createLaneTelemetry();
    const copy = loadOpenAi(client);
    const version = peer && patchWith(peer, copy, telemetry);
    const openai = new copy.module.OpenAI({
      apiKey: "sk-bench",
      fetch: wrap?.(fetch, telemetry) ?? fetch,
      maxRetries: 0,
    });
    const group = named ?? `openai ${copy.version}`;
    return { name, group, spans, version, telemetry, run: () => work(openai) };
  });
}
