import { attributionSchema } from "@tollgate/config";
import { expect, test } from "vitest";
import {
  createAttributor,
  type Attributed,
  type Attributes,
  type Attributor,
} from "../../src/index.ts";
function attributor(written: unknown = {}): Attributor {
  return createAttributor(attributionSchema.parse(written));
}

function record(
  attributes: Attributes,
  resource: Attributes = {},
  scope: Attributes = {},
): Attributed {
  return { attributes, origin: { resource, scope } };
}

test("built-in rules: service, agent, session, user, repository and commit", () => {
  const told = record(
    {
      "gen_ai.agent.name": "planner",
      "gen_ai.conversation.id": "thread-1",
      "user.id": "u-1",
    },
    {
      "service.name": "checkout",
      "service.instance.id": "pod-7",
      "vcs.repository.name": "shop",
      "vcs.ref.head.revision": "deadbeef",
    },
  );
  expect(attributor().attribute(told, undefined)).toEqual({
    project: "checkout",
    agent: "planner",
    session: "thread-1",
    user: "u-1",
    repository: "shop",
    commit: "deadbeef",
  });
  expect(attributor({ defaults: false }).attribute(told, undefined)).toEqual({});
});

test("a service that nobody named is no project", () => {
  const told = record({}, { "service.name": "unknown_service:node" });
  expect(attributor().attribute(told, undefined)).toEqual({});
});

test("a rule copies an attribute, the record's before its scope's before its resource's", () => {
  const rules = [{ from: "team", to: "organization" }];
  const told = (attributes: Attributes, scope: Attributes) =>
    attributor({ rules, defaults: false }).attribute(
      record(attributes, { team: "c" }, scope),
      undefined,
    );
  expect(told({ team: "a" }, { team: "b" })).toEqual({ organization: "a" });
  expect(told({}, { team: "b" })).toEqual({ organization: "b" });
  expect(told({}, {})).toEqual({ organization: "c" });
});

test("a pattern takes a part of a value, and says nothing of others", () => {
  const rules = [{ from: "user.email", match: "^(.*)@acme\\.com$", to: "agent", value: "acme/$1" }];
  const told = (email: string) =>
    attributor({ rules, defaults: false }).attribute(record({ "user.email": email }), undefined);
  expect(told("ann@acme.com")).toEqual({ agent: "acme/ann" });
  expect(told("ann@acme.com.evil.org")).toEqual({});
});

test("of each key the first rule that says something counts", () => {
  const rules = [
    { from: "app", match: "^web-(.+)$", to: "project", value: "$1" },
    { from: "app", to: "project" },
    { from: "app", to: "tags.app" },
  ];
  const told = (app: string) =>
    attributor({ rules, defaults: false }).attribute(record({ app }), undefined);
  expect(told("web-shop")).toEqual({ project: "shop", tags: { app: "web-shop" } });
  expect(told("batch")).toEqual({ project: "batch", tags: { app: "batch" } });
});

test("conditions: a text with *, one of several, any, none", () => {
  const rules = [
    {
      when: { "service.name": "checkout-*", env: ["prod", "stage"] },
      set: { project: "checkout" },
    },
    { when: { ci: true }, set: { agent: "ci", "tags.kind": "build" } },
    { when: { ci: false }, set: { agent: "human" } },
  ];
  const told = (attributes: Attributes) =>
    attributor({ rules, defaults: false }).attribute(record(attributes), undefined);
  expect(told({ "service.name": "checkout-api", env: "prod", ci: false })).toEqual({
    project: "checkout",
    agent: "ci",
    tags: { kind: "build" },
  });
  expect(told({ "service.name": "checkout-api", env: "dev" })).toEqual({ agent: "human" });
  expect(told({ "service.name": "my-checkout-api", env: "prod" })).toEqual({ agent: "human" });
});

test("precedence: locked, then tollgate.*, then rules, then the dialect, then built-in rules", () => {
  const rules = [{ from: "team", to: "project" }];
  const told = record(
    { "tollgate.task": "T-1", "tollgate.organization": "someone-else", team: "web" },
    { "service.name": "checkout", "tollgate.task": "T-0", "tollgate.agent": "planner" },
  );
  const said = { project: "said", session: "s-1", agent: "said" };
  expect(attributor({ rules }).attribute(told, said, { organization: "acme" })).toEqual({
    organization: "acme",
    project: "web",
    task: "T-1",
    agent: "planner",
    session: "s-1",
  });
});

test("tollgate.* attributes carry every key, the iteration and tags", () => {
  const told = record({
    "tollgate.workstream": "billing",
    "tollgate.iteration": 3,
    "tollgate.tag.team": "web",
    "tollgate.tag.size": 4,
    "tollgate.user": ["no", "text"],
  });
  expect(attributor().attribute(told, undefined)).toEqual({
    workstream: "billing",
    iteration: 3,
    tags: { team: "web", size: "4" },
  });
});

test("values are cut where no name is longer", () => {
  const told = record({}, { "service.name": "x".repeat(10_000) });
  expect(attributor().attribute(told, undefined).project).toHaveLength(256);
});

test("a value is matched as a whole: cutting it makes no name of it", () => {
  const rules = [{ from: "user.email", match: "@acme\\.com$", to: "organization", value: "acme" }];
  const email = `${"x".repeat(247)}@acme.com.example`;
  const told = (user: string) =>
    attributor({ rules, defaults: false }).attribute(record({ "user.email": user }), undefined);
  expect(told(email)).toEqual({});
  expect(told("ann@acme.com")).toEqual({ organization: "acme" });
  expect(told(`${"x".repeat(5_000)}@acme.com`)).toEqual({});
});

test("a pattern that would run for ever elsewhere takes no time", () => {
  const rules = [{ from: "user.email", match: "^(a+)+$", to: "agent" }];
  const told = record({ "user.email": `${"a".repeat(1_000)}!` });
  expect(attributor({ rules, defaults: false }).attribute(told, undefined)).toEqual({});
});

test("what rules look at is kept by a decoder", () => {
  const rules = [
    { from: "team", to: "project" },
    { when: { env: "prod" }, set: { agent: "x" } },
  ];
  const { reads } = attributor({ rules });
  expect(["team", "env", "service.name", "tollgate.task"].map(reads)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(reads("gen_ai.input.messages")).toBe(false);
  expect(attributor({ defaults: false }).reads("service.name")).toBe(false);
});

test.each([
  [{ rules: [{ from: "team", to: "projekt" }] }, "write one of organization, project"],
  [{ rules: [{ from: "team", to: "project", matsch: "x" }] }, "matsch"],
  [{ rules: [{ from: "team", to: "project", match: "(" }] }, "RE2"],
  [{ rules: [{ from: "team", to: "project", match: "(?=x)" }] }, "no look-around"],
  [{ rules: [{ from: "team", to: "project", match: "(a)\\1" }] }, "no back-references"],
  [{ rules: [{ when: {}, set: { project: "x" } }] }, "such as when:"],
  [{ rules: [{ when: { a: "b" }, set: {} }] }, "such as set:"],
  [{ rules: [{ when: { a: "b" }, set: { projekt: "x" } }] }, "write one of"],
  [{ rules: "all" }, "write a list of rules"],
  [{ rule: [] }, "rule"],
])("%j is refused", (written, message) => {
  const { error } = attributionSchema.safeParse(written);
  expect(JSON.stringify(error?.issues)).toContain(message);
});
