import { startPostgres, type PostgresServer } from "@tollgate/testkit";
import { afterAll, beforeAll } from "vitest";
import { openPostgresLedger } from "../src/postgres/index.ts";
import { describeLedgerContract } from "../src/testing/index.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";

describeWithServer("postgres", "one PostgreSQL", () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  describeLedgerContract("postgres", (setup) =>
    openPostgresLedger({ url: server.url, schema: `contract_${++schemas}`, ...setup }),
  );
});
