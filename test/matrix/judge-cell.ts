import { isDeepStrictEqual } from "node:util";
import type { UsageEvent } from "@tollgate/core";
import { matchCall } from "@tollgate/wire";
import type { Cell } from "./clients.ts";
import { firstDifference } from "./first-difference.ts";
import { judgeEvents } from "./judge-events.ts";
import { expectedOutcome } from "./provider-script.ts";
import type { AppRun, SentRequest } from "./run-app.ts";
import type { CellRuns } from "./run-cell.ts";

export interface Problem {
  readonly scenario: string;
  readonly what: string;
}

export interface Verdict {
  /** How many scenarios were compared. */
  readonly scenarios: number;
  readonly problems: readonly Problem[];
  /** Paths of calls that no wire format reads, so that only their fidelity was judged. */
  readonly unread: readonly string[];
}

/** Whether the app could tell that it was metered, and whether the meter told the truth. */
export function judgeCell({ client }: Cell, { plain, metered }: CellRuns): Verdict {
  const problems: Problem[] = [];
  const unread = new Set<string>();
  const blame = (scenario: string, whats: readonly string[]): void => {
    problems.push(...whats.map((what) => ({ scenario, what })));
  };
  if (plain.stderr !== metered.stderr) {
    blame("all", [`prints ${firstDifference(plain.stderr, metered.stderr)} to stderr`]);
  }
  const eventsOf = Map.groupBy(metered.events, ({ attribution }) => attribution.task ?? "");
  for (const scenario of plain.results.keys()) {
    const sent = (plain.requests.get(scenario) ?? []).filter(({ method }) => method === "POST");
    const unknown = sent.filter((request) => !isRead(request));
    for (const { path } of unknown) unread.add(pathOnly(path));
    const isMetered = client.unmetered === undefined && unknown.length === 0;
    if (expectedOutcome(scenario) === "refused" && isMetered) {
      blame(scenario, judgeRefusal(scenario, metered, eventsOf.get(scenario) ?? []));
    } else {
      blame(scenario, compare(scenario, plain, metered));
      if (isMetered) {
        const attempts = (metered.requests.get(scenario) ?? []).filter(isRead);
        blame(scenario, judgeEvents(scenario, attempts, eventsOf.get(scenario) ?? []));
      }
    }
  }
  const strays = metered.events.filter(({ attribution }) => {
    return !plain.results.has(attribution.task ?? "");
  });
  if (strays.length > 0) blame("all", [`${strays.length} events without their scenario`]);
  return { scenarios: plain.results.size, problems, unread: [...unread] };
}

function isRead({ method, path }: SentRequest): boolean {
  return matchCall(method, `http://127.0.0.1${path}`) !== undefined;
}

function pathOnly(path: string): string {
  return path.split("?", 1)[0] ?? path;
}

function compare(scenario: string, plain: AppRun, metered: AppRun): string[] {
  const found: string[] = [];
  const was = plain.results.get(scenario);
  const is = metered.results.get(scenario);
  if (!isDeepStrictEqual(was, is)) found.push(`result: ${firstDifference(was, is)}`);
  const before = plain.requests.get(scenario) ?? [];
  const after = metered.requests.get(scenario) ?? [];
  if (!isDeepStrictEqual(before.map(letter), after.map(letter))) {
    found.push(`requests: ${firstDifference(before.map(letter), after.map(letter))}`);
  }
  // How soon the network tells of a close is not ours to say; that it does is.
  for (const [index, { closedByClient }] of before.entries()) {
    const open = after[index] !== undefined && !after[index].closedByClient;
    if (mustClose(scenario) && closedByClient && open) {
      found.push(`cancel of attempt ${index + 1} did not reach the provider`);
    }
  }
  return found;
}

/** Where a short answer may or may not be over before the client goes. */
function mustClose(scenario: string): boolean {
  return expectedOutcome(scenario) === "cancelled" && !/unread/.test(scenario);
}

/** Everything but when the connection was closed. */
function letter({ method, path, headerNames, body }: SentRequest): unknown {
  return { method, path, headerNames, body };
}

function judgeRefusal(scenario: string, metered: AppRun, events: readonly UsageEvent[]): string[] {
  const found: string[] = [];
  const text = JSON.stringify(metered.results.get(scenario) ?? null);
  const sent = metered.requests.get(scenario)?.length ?? 0;
  const outcomes = events.map(({ outcome }) => outcome).join();
  if (sent > 0) found.push(`${sent} requests left in spite of the budget`);
  if (outcomes !== "refused") found.push(`events are [${outcomes}], not one refusal`);
  if (!text.includes('"budgetExceeded":true')) {
    found.push(`isBudgetExceeded does not know the error: ${text.slice(0, 300)}`);
  }
  if (!/402/.test(text)) found.push(`status 402 is not in the error: ${text.slice(0, 300)}`);
  return found;
}
