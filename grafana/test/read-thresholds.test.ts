import { expect, test } from "vitest";
import { readThresholds } from "../src/read-thresholds.ts";

test("takes the budgets that list alertAt, and only those", () => {
  const text = `
budgets:
  - { id: team, limit: { usd: 5 }, window: day, alertAt: [50, 90] }
  - { id: quiet, limit: { usd: 5 }, window: day }
`;
  expect(readThresholds(text)).toEqual([{ id: "team", alertAt: [50, 90] }]);
});

test.each([
  "",
  "organization: acme",
  "budgets:",
  "budgets: [7]",
  "budgets: [{ id: a, alertAt: x }]",
])("finds none in %j", (text) => {
  expect(readThresholds(text)).toEqual([]);
});
