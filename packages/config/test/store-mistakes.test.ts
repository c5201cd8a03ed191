import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../src/index.ts";
import { load, makeFolder, problemsOf } from "./load.ts";

test.each([
  [
    "store: ./budget.db",
    'tollgate.yaml:1:1  store: is the text "./budget.db"; write where budgets are kept: { sqlite: ./budget.db } or { redis: redis://host:6379 }',
  ],
  [
    "store: { sqlite: a.db, redis: redis://localhost }",
    "tollgate.yaml:1:1  store: is kept in one place; write where budgets are kept: { sqlite: ./budget.db } or { redis: redis://host:6379 }",
  ],
  [
    "store: { sqlite: ':memory:' }",
    'tollgate.yaml:1:10  store.sqlite: is the text ":memory:"; write the path of a file, such as ./budget.db',
  ],
  [
    "store: { slices: true }",
    "tollgate.yaml:1:1  store: is kept in one place; write where budgets are kept: { sqlite: ./budget.db } or { redis: redis://host:6379 }",
  ],
  [
    "store: { sqlite: a.db, slices: 5 }",
    "tollgate.yaml:1:24  store.slices: is 5; write true, to take parts of busy budgets ahead, or false",
  ],
  [
    "store: { sqlite: a.db, slice: true }",
    'tollgate.yaml:1:24  store.slice: unknown key; did you mean "slices"?',
  ],
  [
    "store: { redis: { url: redis://localhost, outbox: ./folder/ } }",
    'tollgate.yaml:1:43  store.redis.outbox: is the text "./folder/"; write the beginning of a path, such as ./tollgate-outbox, or false',
  ],
  [
    "store: { redis: { url: redis://localhost, partition: project } }",
    'tollgate.yaml:1:43  store.redis.partition: is the text "project"; write organization, or leave it out',
  ],
  [
    "store: { redis: { url: redis://localhost, partition: organization } }\nbudgets: [{ id: all, guarantee: hard, limit: { usd: 1 }, window: day, match: { organization: 'ac*' } }]",
    "tollgate.yaml:2:22  budgets[0].guarantee: the store keeps organizations apart, so a hard budget is for one of them; write match: { organization: NAME } or each: [organization], or guarantee: bounded",
  ],
])("%s is refused", (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});

test("hard budgets of one organization, and others of all, go with organizations apart", () => {
  const yaml = `store: { redis: { url: redis://localhost, partition: organization } }
budgets:
  - { id: one, guarantee: hard, limit: { usd: 1 }, window: day, match: { organization: acme } }
  - { id: each, guarantee: hard, limit: { usd: 1 }, window: day, each: [project, organization] }
  - { id: platform, limit: { usd: 1 }, window: day }`;
  expect(load(yaml).store?.redis?.partition).toBe("organization");
});

test.each([
  ["redis://localhost", "tollgate-outbox"],
  ["{ url: redis://localhost, outbox: ../ends }", "../ends"],
  ["{ url: redis://localhost, outbox: false }", undefined],
])("of %s the outbox is %s, from the folder of the file", (redis, outbox) => {
  const folder = makeFolder();
  writeFileSync(join(folder, "tollgate.yaml"), `store: { redis: ${redis} }`);
  const { store } = loadConfig({ cwd: folder, env: {} });
  expect(store?.redis?.outbox).toBe(outbox && resolve(folder, outbox));
});
