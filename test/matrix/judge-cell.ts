import { isDeepStrictEqual } from "node:util";
import type { UsageEvent } from "@tollgate/core";
import type { Cell } from "./clients.ts";
import { firstDifference } from "./first-difference.ts";
import { isCall, isRead } from "./is-read.ts";
import { judgeEvents } from "./judge-events.ts";
import { expectedOutcome } from "./provider-script.ts";
import type { AppRun, SentRequest } from "./run-app.ts";
import type { CellRuns } from "./run-cell.ts";

/** What the app or the provider could notice, and what the meter got wrong. */
export type ProblemKind = "result" | "output" | "request" | "cancel" | "refusal" | "event";

export interface Problem {
  readonly kind: ProblemKind;
  readonly scenario: string;
  readonly what: string;
}

export interface Verdict {
  /** How many scenarios were compared. */
  readonly scenarios: number;
  readonly problems: readonly Problem[];
  /** Problems that the client's known limits explain. */
  readonly known: readonly Problem[];
  /** Paths of calls that no wire format reads, so that only their fidelity was judged. */
  readonly unread: readonly string[];
}

/** Whether the app could tell that it was metered, and whether the meter told the truth. */
export function judgeCell({ client }: Cell, { plain, metered }: CellRuns): Verdict {
  const problems: Problem[] = [...judgeWhole(plain, metered)];
  const unread = new Set<string>();
  const eventsOf = Map.groupBy(metered.events, ({ attribution }) => attribution.task ?? "");
  for (const scenario of plain.results.keys()) {
    const sent = (plain.requests.get(scenario) ?? []).filter(isCall);
    const unknown = sent.filter((request) => !isRead(request));
    for (const { path } of unknown) unread.add(pathOnly(path));
    const isMetered = unknown.length === 0;
    const events = eventsOf.get(scenario) ?? [];
    if (expectedOutcome(scenario) === "refused" && isMetered) {
      problems.push(...judgeRefusal(scenario, metered, events));
      continue;
    }
    problems.push(...judgePlain(scenario, plain), ...compare(scenario, plain, metered));
    if (!isMetered) continue;
    const attempts = (metered.requests.get(scenario) ?? []).filter(isRead);
    const wrong = judgeEvents(scenario, attempts, events);
    problems.push(...wrong.map((what) => ({ kind: "event", scenario, what }) as const));
  }
  const isKnown = ({ scenario }: Problem): boolean =>
    (client.limits ?? []).some((limit) => limit.scenario.test(scenario));
  return {
    scenarios: plain.results.size,
    problems: problems.filter((problem) => !isKnown(problem)),
    known: problems.filter(isKnown),
    unread: [...unread],
  };
}

/** A scenario that fails by itself shows nothing. */
function judgePlain(scenario: string, { results, requests }: AppRun): Problem[] {
  if (expectedOutcome(scenario) !== "ok" || MAY_FAIL.test(scenario)) return [];
  const text = JSON.stringify(results.get(scenario) ?? null);
  if (!text.includes('"thrown":') && requests.has(scenario)) return [];
  const what = `fails without metering, too: ${text.slice(-300)}`;
  return [{ kind: "result", scenario, what }];
}

/** Some clients give up a cut answer, or do not retry as often as others. */
const MAY_FAIL = /refused connection|limited|retried|read twice|iterated twice/;

function judgeWhole(plain: AppRun, metered: AppRun): Problem[] {
  const found: Problem[] = [];
  const blame = (kind: ProblemKind, what: string): void => {
    found.push({ kind, scenario: "all", what });
  };
  if (plain.stderr !== metered.stderr) {
    blame("output", `stderr: ${firstDifference(plain.stderr, metered.stderr)}`);
  }
  const strays = metered.events.filter(({ attribution }) => {
    return !plain.results.has(attribution.task ?? "");
  });
  if (strays.length > 0) blame("event", `${strays.length} events without their scenario`);
  return found;
}

function pathOnly(path: string): string {
  return path.split("?", 1)[0] ?? path;
}

function compare(scenario: string, plain: AppRun, metered: AppRun): Problem[] {
  const found: Problem[] = [];
  const was = plain.results.get(scenario);
  const is = metered.results.get(scenario);
  if (!isDeepStrictEqual(was, is)) {
    found.push({ kind: "result", scenario, what: firstDifference(was, is) });
  }
  const before = plain.requests.get(scenario) ?? [];
  const after = metered.requests.get(scenario) ?? [];
  const [sent, sentNow] = [before.map(whatWasSent), after.map(whatWasSent)];
  if (!isDeepStrictEqual(sent, sentNow)) {
    found.push({ kind: "request", scenario, what: firstDifference(sent, sentNow) });
  }
  for (const [index, { closedByClient }] of before.entries()) {
    const open = after[index] !== undefined && !after[index].closedByClient;
    if (mustClose(scenario) && closedByClient && open) {
      const what = `attempt ${index + 1} was not closed at the provider`;
      found.push({ kind: "cancel", scenario, what });
    }
  }
  return found;
}

/** Elsewhere a short answer may or may not be over before the client goes. */
function mustClose(scenario: string): boolean {
  return expectedOutcome(scenario) === "cancelled";
}

/** Everything but when the connection was closed, and the counts that a meter may ask for. */
function whatWasSent({ method, path, headerNames, body }: SentRequest): unknown {
  const text = JSON.stringify(body).replace(/,?"stream_options":\{"include_usage":true\}/, "");
  return { method, path, headerNames, text };
}

function judgeRefusal(scenario: string, metered: AppRun, events: readonly UsageEvent[]): Problem[] {
  const text = JSON.stringify(metered.results.get(scenario) ?? null);
  const sent = metered.requests.get(scenario)?.length ?? 0;
  const outcomes = events.map(({ outcome }) => outcome).join();
  const found: string[] = [];
  if (sent > 0) found.push(`${sent} requests left in spite of the budget`);
  if (outcomes !== "refused") found.push(`events are [${outcomes}], not one refusal`);
  if (!text.includes('"budgetExceeded":true')) {
    found.push(`isBudgetExceeded does not know ${text.slice(0, 300)}`);
  }
  if (!text.includes("402")) found.push(`no status 402 in ${text.slice(0, 300)}`);
  return found.map((what) => ({ kind: "refusal", scenario, what }));
}
