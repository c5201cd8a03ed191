import { expect, test } from "vitest";
import { problemsOf } from "./load.ts";

/** A mistake, the document that has only this one, and the line it is refused with. */
type Mistake = readonly [name: string, content: string, problem: string];

const budget = (members: string): string => `budgets:\n  - ${members.replaceAll("\n", "\n    ")}`;

const PROMETHEUS = "aggregates: { prometheus: { url: http://p:9090 } }";
const AGGREGATES: readonly Mistake[] = [
  [
    "a limit on aggregates that promises more than they can",
    `${PROMETHEUS}\n${budget("id: a\nlimit: { usd: 1 }\nwindow: day\ndecideOn: aggregates")}`,
    "tollgate.yaml:3:5  budgets[0].guarantee: metrics lag behind and cannot deny as bounded; write guarantee: advisory, or decideOn: ledger",
  ],
  [
    "a hard throttle on aggregates",
    `${PROMETHEUS}\n${budget("id: a\nlimit: { usd: 1 }\nwindow: day\nonExceed: throttle\nguarantee: hard\ndecideOn: aggregates")}`,
    "tollgate.yaml:7:5  budgets[0].guarantee: metrics lag behind and cannot throttle as hard; write guarantee: advisory, or decideOn: ledger",
  ],
  [
    "a count of what is no label",
    `${PROMETHEUS}\n${budget("id: a\neach: [task]\nlimit: { usd: 1 }\nwindow: day\nguarantee: advisory")}`,
    "tollgate.yaml:4:5  budgets[0].each: metrics have no label for task; use organization, project, agent, provider, model, or write decideOn: ledger",
  ],
  [
    "a label that metrics.labels leaves out",
    `metrics: { labels: [project] }\n${PROMETHEUS}\n${budget("id: a\nmatch: { agent: x }\nlimit: { usd: 1 }\nwindow: day\nguarantee: advisory")}`,
    "tollgate.yaml:5:5  budgets[0].match: metrics have no label for agent; use project, provider, model, or write decideOn: ledger",
  ],
  [
    "a window without a beginning in Prometheus",
    `${PROMETHEUS}\n${budget("id: a\nlimit: { usd: 1 }\nwindow: total\nguarantee: advisory")}`,
    'tollgate.yaml:5:5  budgets[0].window: metrics cannot be read over the window "total"; write day, week, month or { rolling: "1h" }, or decideOn: ledger',
  ],
  [
    "aggregates that are not there",
    budget("id: a\nlimit: { usd: 1 }\nwindow: day\nguarantee: advisory\ndecideOn: aggregates"),
    "tollgate.yaml:6:5  budgets[0].decideOn: there are no aggregates; write aggregates: { prometheus: { url: ... } }, or leave it out",
  ],
  [
    "an address without a scheme",
    "aggregates: { prometheus: { url: prometheus.internal } }",
    'tollgate.yaml:1:29  aggregates.prometheus.url: is the text "prometheus.internal"; write the address of a Prometheus, such as http://prometheus:9090',
  ],
  [
    "a duration for seconds",
    "aggregates: { prometheus: { url: http://p:9090, refreshSeconds: 15s } }",
    'tollgate.yaml:1:49  aggregates.prometheus.refreshSeconds: is the text "15s"; write a number of seconds above 0, at most 86400',
  ],
  [
    "aggregates of nothing",
    "aggregates: {}",
    "tollgate.yaml:1:1  aggregates: is a map; write either prometheus: { url: http://prometheus:9090 } or sdk: true",
  ],
];

test.each(AGGREGATES)("refuses %s", (_name, content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});
