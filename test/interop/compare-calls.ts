import type { BookedCall } from "./booked-calls.ts";
import { compareCost } from "./compare-cost.ts";
import { compareCounts } from "./compare-counts.ts";
import type { Finding } from "./finding.ts";
import type { ProviderCall } from "./scenarios.ts";
import type { SentSpan } from "./sent-spans.ts";

export interface Compared {
  /** In the order in which they were made. */
  readonly provider: readonly ProviderCall[];
  readonly booked: readonly BookedCall[];
  readonly spans: readonly SentSpan[];
  /** Which scenario was under way in which trace. */
  readonly scenarios: ReadonlyMap<string, string>;
  readonly project: string;
  readonly dialects: readonly string[];
}

/** Where what is booked is not what the provider counted, and whether that is the sender's doing. */
export function compareCalls(compared: Compared): readonly Finding[] {
  const { provider, booked, scenarios } = compared;
  const known = provider.flatMap((call) => {
    const trace = [...scenarios].find(([, scenario]) => scenario === call.scenario)?.[0];
    const told = booked.filter(({ trace_id: traceId }) => traceId === trace);
    const spans = compared.spans.filter(({ traceId }) => traceId === trace);
    return compareCall(call, told, spans, compared);
  });
  const strays = booked.filter(({ trace_id: traceId }) => !scenarios.has(traceId ?? ""));
  return [...known, ...strays.map(stray)];
}

function stray({ source, tokens_in: tokensIn, tokens_out: tokensOut }: BookedCall): Finding {
  const text = `${source} booked ${tokensIn} + ${tokensOut} tokens that belong to no call`;
  return { kind: "wrong", scenario: "none", text };
}

function compareCall(
  call: ProviderCall,
  told: readonly BookedCall[],
  spans: readonly SentSpan[],
  { project, dialects }: Compared,
): readonly Finding[] {
  const { scenario } = call;
  const [event, ...more] = told;
  const wrong = (text: string): Finding => ({ kind: "wrong", scenario, text });
  if (more.length > 0) return [wrong(`booked ${told.length} times`)];
  if (event === undefined) {
    const isSilent = spans.every(({ attributes }) => Object.keys(attributes).length === 0);
    const text = spans.length === 0 ? "no span was sent" : "its span has no attributes";
    return isSilent
      ? [{ kind: "limit", scenario, text }]
      : [wrong(`not booked, though spans were sent: ${spans.map(({ name }) => name).join(", ")}`)];
  }
  const facts = [
    ["project", project, event.project],
    ["provider", call.provider, event.provider],
    ["operation", call.operation, event.operation],
    ["outcome", call.failed ? "error" : "ok", event.outcome],
  ] as const;
  return [
    ...facts.flatMap(([what, expected, got]) =>
      expected === got ? [] : [wrong(`${what} is ${got}, not ${expected}`)],
    ),
    ...compareModel(call, event, spans),
    ...(dialects.includes(event.source) ? [] : [wrong(`read as ${event.source}`)]),
    ...compareCounts(call, event, spans),
    ...compareCost(call, event),
  ];
}

function compareModel(
  { model, scenario }: ProviderCall,
  event: BookedCall,
  spans: readonly SentSpan[],
): readonly Finding[] {
  if (event.model === model) return [];
  const isSaid = spans.some(({ attributes }) => Object.values(attributes).includes(model));
  const kind = event.model === null && !isSaid ? "limit" : "wrong";
  return [{ kind, scenario, text: `model is ${event.model ?? "unknown"}, not ${model}` }];
}
