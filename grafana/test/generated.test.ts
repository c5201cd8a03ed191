import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONFIG } from "../src/config.ts";
import { generatedFiles } from "../src/generated-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const files = generatedFiles(CONFIG);

test.each([...files.keys()])("%s is what `pnpm grafana --write` makes", (path) => {
  expect(readFileSync(join(ROOT, path), "utf8")).toBe(files.get(path));
});

test("nothing else lies in grafana/generated", () => {
  const found = readdirSync(join(ROOT, "grafana/generated"), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const made = [...files.keys()].filter((path) => path.startsWith("grafana/generated/"));
  expect(found.toSorted()).toEqual(made.map((path) => join(ROOT, path)).toSorted());
});
