import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openSqliteStore } from "../src/sqlite/index.ts";
import { describeStoreContract } from "../src/testing/index.ts";

const folder = mkdtempSync(join(tmpdir(), "tollgate-budget-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
describeStoreContract("sqlite", ({ clock }) =>
  openSqliteStore({ path: join(folder, `${files++}.db`), clock }),
);
