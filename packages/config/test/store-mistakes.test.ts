import { expect, test } from "vitest";
import { problemsOf } from "./load.ts";

test.each([
  [
    "store: ./budget.db",
    'tollgate.yaml:1:1  store: is the text "./budget.db"; write where budgets are kept, such as { sqlite: ./budget.db }',
  ],
  [
    "store: { sqlite: ':memory:' }",
    'tollgate.yaml:1:10  store.sqlite: is the text ":memory:"; write the path of a file, such as ./budget.db',
  ],
])("%s is refused", (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});
