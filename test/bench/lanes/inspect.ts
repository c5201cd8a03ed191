import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { ObservedLane } from "./instrumented.ts";
import { spansOf } from "./telemetry.ts";

/**
 * Runs every lane once and says what it recorded, so that nobody is measured who does nothing.
 *
 * @throws when a lane ends another number of spans than it should: a lane that is not instrumented, or
 *   instrumented twice.
 */
export async function inspectLanes(lanes: readonly ObservedLane[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const lane of lanes) {
    const before = await lane.telemetry.readMetrics();
    const spans = await spansOf(lane.run);
    const after = await lane.telemetry.readMetrics();
    if (spans.length !== lane.spans) {
      throw new Error(
        `lane "${lane.name}" (${lane.group}) ended ${spans.length} spans, not ${lane.spans}`,
      );
    }
    const metrics = [...after].filter(([name, figures]) => before.get(name) !== figures);
    const recorded = [
      ...spans.map(describeSpan),
      ...(metrics.length > 0 ? [`metrics: ${metrics.length}`] : []),
    ];
    if (recorded.length > 0) lines.push(`  ${nameOf(lane)}: ${recorded.join("; ")}`);
  }
  if (lines.length === 0) return [];
  return ["what one call records, seen before measuring (nothing in lanes not named):", ...lines];
}

function nameOf({ group, name, version }: ObservedLane): string {
  return `${group}, ${version === undefined ? name : `${name} ${version}`}`;
}

function describeSpan({ attributes }: ReadableSpan): string {
  const keys = Object.keys(attributes);
  const has = (start: string): boolean => keys.some((key) => key.startsWith(start));
  const parts = [
    `span of ${keys.length} attributes`,
    has("gen_ai.usage.input_tokens") ? "usage" : "no usage",
    has("gen_ai.usage.cost") ? "cost" : "no cost",
  ];
  return parts.join(", ");
}
