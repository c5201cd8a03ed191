import { expect, test } from "vitest";
import { load, problemsOf } from "./load.ts";

test.each([
  ["TOLLGATE_PROJET", "TOLLGATE_PROJECT"],
  ["TOLLGATE_PROJECTS", "TOLLGATE_PROJECT"],
  ["TOLLGATE_ORGANISATION", "TOLLGATE_ORGANIZATION"],
  ["TOLLGATE_ORG", "TOLLGATE_ORGANIZATION"],
  ["TOLLGATE_AGENT_NAME", "TOLLGATE_AGENT"],
  ["TOLLGATE_TSAK", "TOLLGATE_TASK"],
  ["TOLLGATE_CONFIG_FILE", "TOLLGATE_CONFIG"],
  ["TOLLGATE_RUNDIR", "TOLLGATE_RUN_DIR"],
  ["TOLLGATE_DISABLE", "TOLLGATE_DISABLED"],
  ["TOLLGATE_TRUST_BAGAGE", "TOLLGATE_TRUST_BAGGAGE"],
  ["TOLLGATE_ON_CONFIG_ERRORS", "TOLLGATE_ON_CONFIG_ERROR"],
  ["tollgate_project", "TOLLGATE_PROJECT"],
  ["Tollgate_Task", "TOLLGATE_TASK"],
])("%s is refused, and %s suggested", (misspelt, meant) => {
  expect(problemsOf("", { [misspelt]: "x" })).toEqual([
    `environment  ${misspelt}: unknown variable; did you mean ${meant}?`,
  ]);
});

test.each(["TOLLGATE_DISABLED", "TOLLGATE_TRUST_BAGGAGE"])("%s is true or false", (variable) => {
  expect(problemsOf("", { [variable]: "maybe" })).toEqual([
    `environment  ${variable}: is "maybe"; write true or false`,
  ]);
});

test("TOLLGATE_ON_CONFIG_ERROR is exit or ignore", () => {
  expect(problemsOf("", { TOLLGATE_ON_CONFIG_ERROR: "warn" })).toEqual([
    'environment  TOLLGATE_ON_CONFIG_ERROR: is "warn"; write exit or ignore',
  ]);
  expect(load("", { TOLLGATE_ON_CONFIG_ERROR: "exit" }).onConfigError).toBe("exit");
});

test("a name of more than 256 characters is refused", () => {
  expect(problemsOf("", { TOLLGATE_TASK: "x".repeat(257) })).toEqual([
    "environment  TOLLGATE_TASK: is too long; write a name of 1 to 256 characters",
  ]);
  expect(load("", { TOLLGATE_TASK: "x".repeat(256) }).attribution.defaults.task).toHaveLength(256);
});

test("every mistake of the environment is listed", () => {
  expect(problemsOf("", { TOLLGATE_PROJET: "x", TOLLGATE_DISABLED: "si" })).toHaveLength(2);
});
