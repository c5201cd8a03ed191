import { expect, test } from "vitest";
import { readSource } from "./source-file.ts";
import { filesIn, packages, readText } from "./workspace.ts";

const SEMCONV = "packages/core/src/semconv/";
/** Names of files that people write, not of telemetry. */
const FILE_NAME = /^tollgate\.ya?ml\b/;

test.each(packages)("$name takes names of metrics and attributes from core", ({ folder }) => {
  const names = filesIn(`${folder}/src`)
    .filter((file) => !file.startsWith(SEMCONV))
    .flatMap((file) =>
      readSource(file, readText(file))
        .strings.filter((text) => /^(gen_ai|tollgate)\./.test(text) && !FILE_NAME.test(text))
        .map((text) => `${file}: ${text}`),
    );
  expect(names).toEqual([]);
});
