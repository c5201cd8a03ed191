import { join } from "node:path";
import { runNode, startPostgres, type PostgresServer } from "@tollgate/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ledger } from "../src/index.ts";
import { openPostgresLedger } from "../src/postgres/index.ts";
import { openSqliteLedger } from "../src/sqlite/index.ts";
import { ledgerPath } from "./ledger-folder.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { expectRollUpsToAgree } from "./recount.ts";

const KILLS = 20;
const LIMIT_MS = 300_000;

/** Two processes at a time, each killed after some acknowledgement; the others go on meanwhile. */
async function killWriters(where: string): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const one = async (): Promise<void> => {
    const child = runNode({
      script: join(import.meta.dirname, "ledger-process.ts"),
      args: [where, "recordUntilKilled"],
      nodeArgs: ["--conditions=source"],
    });
    let left = 1 + Math.floor(Math.random() * 25);
    child.onLine((line) => {
      acknowledged.push(...readKeys(line));
      if (--left === 0) child.kill("SIGKILL");
    });
    const { signal, stderr } = await child.exited;
    expect([signal, stderr]).toEqual(["SIGKILL", ""]);
  };
  const lane = async (): Promise<void> => {
    for (let kill = 0; kill < KILLS / 2; kill++) await one();
  };
  await Promise.all([lane(), lane()]);
  return acknowledged;
}

function readKeys(line: string): readonly string[] {
  const { acknowledged }: { readonly acknowledged: readonly string[] } = JSON.parse(line);
  return acknowledged;
}

/** @returns acknowledged events that are not there, and those that are there twice. */
async function findFaults(ledger: Ledger, acknowledged: readonly string[]) {
  const events = await expectRollUpsToAgree(ledger);
  const keys = new Set(events.map(({ key }) => key));
  const lost = acknowledged.filter((key) => !keys.has(key));
  return { lost, twice: events.length - keys.size };
}

describe("writers of a SQLite file that are killed", () => {
  test(
    "leave every acknowledged event there once, and roll-ups that agree",
    { timeout: LIMIT_MS },
    async () => {
      const path = ledgerPath();
      const acknowledged = await killWriters(path);
      const ledger = openSqliteLedger({ path });
      expect(acknowledged.length).toBeGreaterThan(KILLS);
      expect(await findFaults(ledger, acknowledged)).toEqual({ lost: [], twice: 0 });
      await ledger.close();
    },
  );
});

describeWithServer("postgres", "writers of a PostgreSQL that are killed", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  test(
    "leave every acknowledged event there once, and roll-ups that agree",
    { timeout: LIMIT_MS },
    async () => {
      const acknowledged = await killWriters(server.url);
      const ledger = await openPostgresLedger({ url: server.url });
      expect(acknowledged.length).toBeGreaterThan(KILLS);
      expect(await findFaults(ledger, acknowledged)).toEqual({ lost: [], twice: 0 });
      await ledger.close();
    },
  );
});
