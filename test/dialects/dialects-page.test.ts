import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DIALECTS } from "@tollgate/collector";
import { expect, test } from "vitest";
import { dialectsPage } from "./dialects-page.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/dialects.md"), "utf8");

test("docs/dialects.md is what `pnpm dialects --write` makes", () => {
  expect(page).toBe(dialectsPage());
});

test("has every dialect", () => {
  expect(DIALECTS.map(({ id }) => `\`${id}\``).filter((id) => !page.includes(id))).toEqual([]);
});

test("ids are unique", () => {
  expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
});
