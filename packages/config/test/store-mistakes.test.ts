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
])("%s is refused", (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});
