import type { UsageEvent } from "@tollgate/core";
import { expectedOutcome, USUAL_USAGE, type ExpectedOutcome } from "./provider-script.ts";
import type { SentRequest } from "./run-app.ts";

/** Whether every attempt that reached the provider was told of once, and truly. */
export function judgeEvents(
  scenario: string,
  attempts: readonly SentRequest[],
  events: readonly UsageEvent[],
): string[] {
  // What never left may be told of too.
  const sent = events.filter(({ errorType }) => errorType !== "ECONNREFUSED");
  if (/aborted before/.test(scenario)) return [];
  if (sent.length !== attempts.length) {
    return [`${attempts.length} attempts, ${sent.length} events`];
  }
  if (new Set(events.map(({ id }) => id)).size !== events.length) return ["an event came twice"];
  const expected = expectedOutcome(scenario);
  const last = sent.length - 1;
  return sent.flatMap((event, index) =>
    judgeEvent(/retried/.test(scenario) && index < last ? "error" : expected, scenario, event),
  );
}

function judgeEvent(expected: ExpectedOutcome, scenario: string, event: UsageEvent): string[] {
  const { outcome, estimated, errorType } = event;
  if (expected === "either") return [];
  if (expected === "estimated") {
    return outcome === "ok" && estimated ? [] : [`outcome ${outcome}, estimated ${estimated}`];
  }
  if (outcome !== expected) return [`outcome ${outcome} (${errorType}), not ${expected}`];
  return expected === "ok" ? judgeUsage(scenario, event) : [];
}

/** Counts that an API reports; all report input, and all but embeddings output. */
function judgeUsage(scenario: string, { api, usage, estimated }: UsageEvent): string[] {
  if (estimated) return ["the provider's counts were not read"];
  const expected = {
    inputTokens: USUAL_USAGE.inputTokens,
    ...(!/embed/.test(api) &&
      !/limited/.test(scenario) && { outputTokens: USUAL_USAGE.outputTokens }),
    ...(!/embed|cohere|ollama/.test(api) && { cacheReadTokens: USUAL_USAGE.cacheReadTokens }),
  };
  return Object.entries(expected).flatMap(([name, count]) => {
    const found = Object.entries(usage ?? {}).find(([key]) => key === name)?.[1];
    return found === count ? [] : [`${name} is ${found}, not ${count}`];
  });
}
