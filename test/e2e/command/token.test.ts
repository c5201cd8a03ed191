import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createToken, makeFolder, run } from "./command.ts";

test("a token is printed once, alone on standard output, and only its hash is kept", async () => {
  const folder = join(makeFolder(), "data");
  const wish = ["--scope", "ingest,read", "--organization", "acme", "--note", "ci"];
  const { code, stdout, stderr } = await run(["token", "create", ...wish, "--data", folder]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^tgt_[a-z0-9]+_[\w-]{43}\n$/);
  expect(stderr).toContain("Keep it");
  const path = join(folder, "tokens.json");
  expect(readFileSync(path, "utf8")).not.toContain(stdout.trim());
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);

  const list = await run(["token", "list", "--data", folder]);
  expect(list.stdout).toMatch(
    /^ID +SCOPES +ORGANIZATION +CREATED +NOTE\n[a-z0-9]+ +ingest,read +acme +\d{4}-\d\d-\d\d +ci\n$/,
  );
});

test("tokens that are made at the same time are all there", async () => {
  const folder = makeFolder();
  const made = await Promise.all(
    Array.from({ length: 6 }, () => createToken(folder, "--scope", "read")),
  );
  const { stdout } = await run(["token", "list", "--json", "--data", folder]);
  for (const { id } of made) expect(stdout).toContain(id);
});

test("one that there is not cannot be revoked", async () => {
  const folder = makeFolder();
  const { token } = await createToken(folder, "--scope", "read");
  const { code, stderr } = await run(["token", "revoke", token, "--data", folder]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^tollgate: there is no token of that id/);
  expect(stderr).not.toContain(token);
});
