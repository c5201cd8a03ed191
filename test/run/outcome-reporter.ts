import { writeFileSync } from "node:fs";
import type { Reporter, TestModule, TestSuite } from "vitest/node";
import type { MissingServer } from "@tollgate/testkit/vitest";
import type { Outcome, SkippedSuite } from "./outcome.ts";

/** Where the outcome goes; set by `run-vitest.ts`. */
export const OUTCOME_FILE_VARIABLE = "TEST_OUTCOME_FILE";

function describeSkipped(suite: TestSuite): SkippedSuite | undefined {
  const missingServers: readonly MissingServer[] | undefined = suite.meta().missingServers;
  if (missingServers === undefined) return undefined;
  return {
    name: suite.fullName,
    file: suite.module.relativeModuleId,
    tests: [...suite.children.allTests()].length,
    missingServers: [...missingServers],
  };
}

/** Errors of files and hooks: Vitest fails them, but no test of theirs. */
function problemsOf(module: TestModule): string[] {
  const where = (task: TestModule | TestSuite): string =>
    task.type === "module"
      ? module.relativeModuleId
      : `${module.relativeModuleId} > ${task.fullName}`;
  return [module, ...module.children.allSuites()].flatMap((task) =>
    task.errors().map((error) => `${where(task)}: ${error.message}`),
  );
}

function toOutcome(
  modules: readonly TestModule[],
  unhandled: readonly { message: string }[],
): Outcome {
  const states = modules
    .flatMap((module) => [...module.children.allTests()])
    .map((test) => test.result().state);
  const count = (state: (typeof states)[number]): number =>
    states.filter((each) => each === state).length;
  const problems = [
    ...modules.flatMap(problemsOf),
    ...unhandled.map((error) => `outside of tests: ${error.message}`),
  ];
  return {
    passed: count("passed"),
    // A test that is still pending when the run is over has not passed.
    failed: count("failed") + count("pending") + problems.length,
    skipped: count("skipped"),
    skippedSuites: modules
      .flatMap((module) => [...module.children.allSuites()])
      .flatMap((suite) => describeSkipped(suite) ?? []),
    problems,
  };
}

const outcomeReporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env[OUTCOME_FILE_VARIABLE];
    if (file) writeFileSync(file, JSON.stringify(toOutcome(modules, unhandledErrors)));
  },
};

// Vitest calls the default export of a reporter's file with `new`.
export default function createOutcomeReporter(): Reporter {
  return outcomeReporter;
}
