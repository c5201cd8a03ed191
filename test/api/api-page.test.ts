import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apiPage } from "./api-page.ts";

test("docs/api.md is what `pnpm api --write` makes", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");
  expect(page).toBe(await apiPage());
});
