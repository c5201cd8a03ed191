import { expect, test } from "vitest";
import { problemsOf } from "./load.ts";

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
])("%s is refused", (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});
