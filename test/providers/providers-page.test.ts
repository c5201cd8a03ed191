import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN_APIS, KNOWN_VENDORS } from "@tollgate/wire/providers";
import { expect, test } from "vitest";
import { providersPage } from "./providers-page.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/providers.md"), "utf8");

test("docs/providers.md is what `pnpm providers --write` makes", () => {
  expect(page).toBe(providersPage());
});

test("has every API and every vendor", () => {
  const missing = [
    ...KNOWN_APIS.map(({ id }) => `\`${id}\``),
    ...KNOWN_VENDORS.map(({ provider }) => `\`${provider}\``),
  ].filter((name) => !page.includes(name));
  expect(missing).toEqual([]);
});
