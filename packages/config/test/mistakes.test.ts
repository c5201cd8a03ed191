import { describe, expect, test } from "vitest";
import { load, problemsOf, refusalOf } from "./load.ts";

/** A mistake, the document that has only this one, and the line it is refused with. */
type Mistake = readonly [name: string, content: string, problem: string];

const budget = (members: string): string => `budgets:\n  - ${members.replaceAll("\n", "\n    ")}`;
const limitedTo = (limit: string): string => `budgets: [{ id: a, window: day, limit: ${limit} }]`;

const USD = "write US dollars above 0 and at most 9000000, such as 25 or 0.5";
const NAME = "write a name of 1 to 256 characters";

const SYNTAX: readonly Mistake[] = [
  [
    "a tab as indentation",
    "budgets:\n\t- id: a",
    "tollgate.yaml:2:1  a tab is no indentation; use spaces",
  ],
  [
    "a key that is there twice",
    "project: a\nspans: true\nproject: b",
    "tollgate.yaml:3:1  project: this key is here twice in one map; keep one of them",
  ],
  [
    "a limit that is there twice",
    budget("id: a\nwindow: day\nlimit: { usd: 1 }\nlimit: { usd: 1000 }"),
    "tollgate.yaml:5:5  limit: this key is here twice in one map; keep one of them",
  ],
  [
    "a second document",
    "project: a\n---\nproject: b",
    "tollgate.yaml:2:1  a second document begins here (---); write one",
  ],
  [
    "an alias of nothing",
    "project: *name",
    "tollgate.yaml:1:10  *name stands for nothing; write &name before what it repeats",
  ],
];

const KINDS: readonly Mistake[] = [
  [
    "a list where the file is a map",
    "- project: a",
    "tollgate.yaml:1:1  is a list; write keys and values, such as project: atlas",
  ],
  [
    "a text where the file is a map",
    "project a",
    'tollgate.yaml:1:1  is the text "project a"; write keys and values, such as project: atlas',
  ],
  [
    "a map where a list belongs",
    "budgets: { id: a }",
    "tollgate.yaml:1:1  budgets: is a map; write a list of budgets, or leave the key out",
  ],
  [
    "a key without a value",
    "spans: true\nbudgets:\n",
    "tollgate.yaml:2:1  budgets: is empty; write a list of budgets, or leave the key out",
  ],
  [
    "a number for a name",
    "project: 42",
    `tollgate.yaml:1:1  project: is 42; ${NAME}, in quotes: "42"`,
  ],
  ["an empty name", 'project: ""', `tollgate.yaml:1:1  project: is the text ""; ${NAME}`],
  [
    "an endpoint that is a URL",
    'endpoints:\n  - { host: "https://llm.internal/v1", provider: vllm }',
    'tollgate.yaml:2:7  endpoints[0].host: is the text "https://llm.internal/v1"; write a host name, with a port if only that is meant, or everything below a domain: "llm.internal", "localhost:8000", "*.llm.internal"',
  ],
  [
    "a word for true or false",
    "spans: yes",
    'tollgate.yaml:1:1  spans: is the text "yes"; write true or false',
  ],
  [
    "a number in quotes",
    limitedTo('{ usd: "5" }'),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is the text "5"; ${USD}, without quotes`,
  ],
  [
    "a currency sign",
    limitedTo("{ usd: $5 }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is the text "$5"; ${USD}`,
  ],
];

const RANGES: readonly Mistake[] = [
  [
    "1e300",
    limitedTo("{ usd: 1e300 }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is 1e+300; ${USD}`,
  ],
  [
    "a negative limit",
    limitedTo("{ usd: -1 }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is -1; ${USD}`,
  ],
  [
    "a limit of 0",
    limitedTo("{ usd: 0 }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is 0; ${USD}`,
  ],
  [
    "no number",
    limitedTo("{ usd: .nan }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is NaN; ${USD}`,
  ],
  [
    "no end",
    limitedTo("{ usd: .inf }"),
    `tollgate.yaml:1:42  budgets[0].limit.usd: is Infinity; ${USD}`,
  ],
  [
    "a port that is none",
    "metrics:\n  prometheus:\n    port: 65536",
    "tollgate.yaml:3:5  metrics.prometheus.port: is 65536; write a port from 0 to 65535; 0 takes any free one",
  ],
  [
    "more series than an SDK keeps",
    "metrics: { maxSeries: 2000 }",
    "tollgate.yaml:1:12  metrics.maxSeries: is 2000; write a whole number from 1 to 1900",
  ],
  [
    "a label without bound",
    "metrics: { labels: [project, task] }",
    'tollgate.yaml:1:30  metrics.labels[1]: is the text "task"; write one of organization, project, agent',
  ],
];

const KEYS: readonly Mistake[] = [
  [
    "a misspelt key",
    "project: a\norganisation: b",
    'tollgate.yaml:2:1  organisation: unknown key; did you mean "organization"?',
  ],
  [
    "a misspelt key of a limit",
    limitedTo("{ usd: 1, token: 5 }"),
    'tollgate.yaml:1:50  budgets[0].limit.token: unknown key; did you mean "tokens"?',
  ],
  [
    "an underscore",
    budget("id: a\nwindow: day\nlimit: { usd: 1 }\non_exceed: deny"),
    'tollgate.yaml:5:5  budgets[0].on_exceed: unknown key; did you mean "onExceed"?',
  ],
  [
    "a misspelt key of a window",
    budget("id: a\nlimit: { usd: 1 }\nwindow: { rolling: 1h, bucket: 5 }"),
    'tollgate.yaml:4:28  budgets[0].window.bucket: unknown key; did you mean "buckets"?',
  ],
  [
    "a misspelt price",
    "pricing:\n  overrides:\n    - { provider: p, model: m, inputPerMtok: 1, outputPerMtok: 1, cachedPerMtok: 1 }",
    'tollgate.yaml:3:67  pricing.overrides[0].cachedPerMtok: unknown key; did you mean "cacheReadPerMtok"?',
  ],
  [
    "a misspelt attribution",
    "attribution: { locked: { organisation: a } }",
    'tollgate.yaml:1:26  attribution.locked.organisation: unknown key; did you mean "organization"?',
  ],
  [
    "a key like none that is known",
    "zebra: 1",
    "tollgate.yaml:1:1  zebra: unknown key; write one of organization, project, task, agent, attribution, endpoints, budgets, aggregates, store, ledger, collector, guards, alerts, pricing, metrics, spans, captureContent",
  ],
  [
    "a key that every object has",
    "__proto__: { spans: false }",
    "tollgate.yaml:1:1  __proto__: unknown key; write one of organization, project, task, agent, attribution, endpoints, budgets, aggregates, store, ledger, collector, guards, alerts, pricing, metrics, spans, captureContent",
  ],
];

const BUDGETS: readonly Mistake[] = [
  [
    "two budgets with one id",
    "budgets:\n  - { id: a, limit: { usd: 1 }, window: day }\n  - { id: a, limit: { usd: 2 }, window: day }",
    'tollgate.yaml:3:7  budgets[1].id: budgets[0] has the id "a" already; give each budget its own',
  ],
  [
    "a budget without a limit of anything",
    limitedTo("{}"),
    "tollgate.yaml:1:33  budgets[0].limit: is a map; name at least one of usd, tokens and requests, such as { usd: 25 }",
  ],
  [
    "an unknown zone",
    budget("id: a\nlimit: { usd: 1 }\nwindow: day\ntimezone: Europe/Berln"),
    'tollgate.yaml:5:5  budgets[0].timezone: "Europe/Berln" is not a time zone; write an IANA name such as Europe/Berlin',
  ],
  [
    "a misspelt word",
    budget("id: a\nlimit: { usd: 1 }\nwindow: day\nonExceed: throtle"),
    'tollgate.yaml:5:5  budgets[0].onExceed: is the text "throtle"; write "deny", "throttle" or "alert" (did you mean "throttle"?)',
  ],
  [
    "a budget that is a text",
    "budgets: [daily]",
    'tollgate.yaml:1:11  budgets[0]: is the text "daily"; a policy is an object, such as { id: "daily", limit: { usd: 25 }, window: "day" }',
  ],
];

const webhook = (members: string): string => `alerts: { webhooks: [{ ${members} }] }`;
const HOOK = 'url: "https://a.example/"';

const WATCHING: readonly Mistake[] = [
  [
    "a guard that watches for nothing",
    "guards: [{ id: loops }]",
    "tollgate.yaml:1:10  guards[0]: is a map; name at least one of callsPerMinute, identicalInARow and acceleration",
  ],
  [
    "a guard with a budget's id",
    "budgets: [{ id: a, limit: { usd: 1 }, window: day }]\nguards: [{ id: a, callsPerMinute: 9 }]",
    'tollgate.yaml:2:12  guards[0].id: budgets[0] has the id "a" already; give each guard its own',
  ],
  [
    "a webhook that is no URL",
    webhook("url: hooks.example"),
    'tollgate.yaml:1:24  alerts.webhooks[0].url: is the text "hooks.example"; write a URL that begins with https:// or http://',
  ],
  [
    "a secret that is too short, without telling it",
    webhook(`${HOOK}, secret: hunter2`),
    "tollgate.yaml:1:51  alerts.webhooks[0].secret: write at least 16 characters, or name a variable in secretEnv",
  ],
];

const PRICES: readonly Mistake[] = [
  [
    "a negative price",
    "pricing: { overrides: [{ provider: p, model: m, inputPerMtok: -1, outputPerMtok: 1 }] }",
    "tollgate.yaml:1:49  pricing.overrides[0].inputPerMtok: is -1; use US dollars per million tokens, a number from 0 on such as 2.5",
  ],
  [
    "a price that is missing",
    "pricing:\n  overrides:\n    - provider: p\n      model: m\n      inputPerMtok: 1",
    "tollgate.yaml:3:7  pricing.overrides[0].outputPerMtok: is missing; use US dollars per million tokens, a number from 0 on such as 2.5",
  ],
];

describe.each([
  ["syntax", SYNTAX],
  ["kind of value", KINDS],
  ["range", RANGES],
  ["keys", KEYS],
  ["budgets", BUDGETS],
  ["guards and alerts", WATCHING],
  ["prices", PRICES],
])("mistakes of %s", (_kind, mistakes) => {
  test.each(mistakes)("refuses %s", (_name, content, problem) => {
    expect(problemsOf(content)).toEqual([problem]);
  });
});

test("says why broken YAML does not parse, where it breaks", () => {
  expect(problemsOf("project: a\nmetrics: { labels: [project }")).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^tollgate\.yaml:2:\d+ {2}is not valid YAML: \w/),
    ]),
  );
});

test("lists every problem, in the order of the file, then those of the environment", () => {
  const content = `
organisation: acme
budgets:
  - id: Daily
    limt: { usd: 5 }
    window: day
  - id: Daily
    limit: { usd: -5, tokens: 1.5 }
    window: day
spans: maybe
`;
  const { code, problems } = refusalOf(() => load(content, { TOLLGATE_PROJET: "atlas" }));
  expect(code).toBe("TOLLGATE_CONFIG_INVALID");
  expect(problems.map((problem) => problem.replace(/: .*/, ""))).toEqual([
    "tollgate.yaml:2:1  organisation",
    "tollgate.yaml:4:5  budgets[0].id",
    "tollgate.yaml:4:5  budgets[0].limit",
    "tollgate.yaml:5:5  budgets[0].limt",
    "tollgate.yaml:7:5  budgets[1].id",
    "tollgate.yaml:7:5  budgets[1].id",
    "tollgate.yaml:8:14  budgets[1].limit.usd",
    "tollgate.yaml:8:23  budgets[1].limit.tokens",
    "tollgate.yaml:10:1  spans",
    "environment  TOLLGATE_PROJET",
  ]);
});

test("says how many problems there are", () => {
  expect(() => load("a: 1")).toThrow("The configuration has 1 problem:\n");
  expect(() => load("zebra: 1\nyak: 2")).toThrow("The configuration has 2 problems:\n");
});

test("a key that is there twice does not hide other mistakes", () => {
  expect(problemsOf("spans: true\nspans: true\norganisation: acme")).toHaveLength(2);
});

test("aliases that would unfold to gigabytes are refused", () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const item = level === 0 ? "x" : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array(10).fill(item).join(", ")}]`;
  });
  expect(problemsOf(levels.join("\n"))).toEqual([
    "tollgate.yaml  its aliases (*) repeat too much; write out what they stand for",
  ]);
});

test("long texts are shown shortened", () => {
  const [problem] = problemsOf(`spans: ${"x".repeat(10_000)}`);
  expect(problem?.length).toBeLessThan(150);
});
