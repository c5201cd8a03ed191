import { expect, test } from "vitest";
import { nothingRanBefore } from "../src/process/nothing-ran-before.ts";

const OURS = "@tollgate/node/register";

test.each([
  [["--import", OURS], undefined],
  [[`--import=${OURS}`, "--enable-source-maps"], ""],
  [[], `--max-old-space-size=100 --import ${OURS}`],
])("nothing can have run before the only preload: %j, NODE_OPTIONS %j", (execArgv, nodeOptions) => {
  expect(nothingRanBefore(execArgv, nodeOptions)).toBe(true);
});

test.each([
  [["--import", OURS, "-r", "./polyfill.cjs"], undefined],
  [["--require=./polyfill.cjs"], `--import ${OURS}`],
  [["--import", "./telemetry.mjs"], undefined],
  // Imported by the app itself.
  [[], undefined],
])("something may have: %j, NODE_OPTIONS %j", (execArgv, nodeOptions) => {
  expect(nothingRanBefore(execArgv, nodeOptions)).toBe(false);
});
