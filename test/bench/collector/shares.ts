import type { Profiler } from "node:inspector";

/** What a collector does with a span, in the order in which it does it. */
export const STEPS = [
  "HTTP",
  "decode",
  "sight",
  "price",
  "hold",
  "resolve",
  "commit",
  "charge",
  "record",
  "garbage collection",
  "rest",
] as const;

export type Step = (typeof STEPS)[number];

/** By where the function is, or what it is called, that is nearest to what ran. The first that fits counts. */
const PLACES: readonly (readonly [RegExp, Step])[] = [
  [/^\(garbage collector\)/, "garbage collection"],
  [/packages\/collector\/src\/otlp\//, "decode"],
  [/packages\/pricing\//, "price"],
  [/packages\/budget\/|booking\/(charge|barrier|read-charges)/, "charge"],
  [/packages\/metering\/|sdk-metrics|usage\/feed/, "record"],
  [
    /collector\/src\/(dialects|attribution)\/|booking\/(sight|event-of|known-parents|sender-of)/,
    "sight",
  ],
  [
    /^(endWait|resolve|resolveAll|find\w*|readSpans|takeFrom|takeDue) .*packages\/(ledger|collector)\//,
    "resolve",
  ],
  [/packages\/ledger\/src\/(rollup|query)\/|roll-up-rows|trace-spans|leaf-most/, "resolve"],
  [/packages\/ledger\//, "hold"],
  [/packages\/sqlite\//, "commit"],
  [
    /collector\/src\/(receive|rest)\/|fastify|node:(_?http|net|internal\/stream|internal\/streams)/,
    "HTTP",
  ],
];

/** Which share of the time in a profile went where; what waited is left out. */
export function sharesIn({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): Map<Step, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const micros = new Map<Step, number>();
  let all = 0;
  for (const [index, sample] of samples.entries()) {
    const spent = timeDeltas[index] ?? 0;
    if (byId.get(sample)?.callFrame.functionName === "(idle)") continue;
    const step = stepOf(sample);
    micros.set(step, (micros.get(step) ?? 0) + spent);
    all += spent;
  }
  return new Map(STEPS.map((step) => [step, (micros.get(step) ?? 0) / all]));

  function stepOf(sample: number): Step {
    let id: number | undefined = sample;
    while (id !== undefined) {
      const frame: Profiler.ProfileNode["callFrame"] | undefined = byId.get(id)?.callFrame;
      const place = `${frame?.functionName} ${frame?.url}`;
      const found = PLACES.find(([pattern]) => pattern.test(place));
      if (found !== undefined) return found[1];
      id = callers.get(id);
    }
    return "rest";
  }
}
