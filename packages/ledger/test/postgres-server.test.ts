import { TollgateError } from "@tollgate/core";
import { startPostgres, type PostgresServer } from "@tollgate/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgresLedger } from "../src/postgres/index.ts";
import { DAY, ledgerEvent, NOON_MS } from "../src/testing/ledger-fixture.ts";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { expectRollUpsToAgree } from "./recount.ts";

describeWithServer("postgres", "ledgers in one PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  const sql = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    await client.end();
    return rows;
  };

  test(
    "are opened by several at once, which make the tables once",
    { timeout: 60_000 },
    async () => {
      const options = { url: server.url, schema: "at_once" };
      const ledgers = await Promise.all(
        Array.from({ length: 4 }, () => openPostgresLedger(options)),
      );
      expect(await sql("SELECT version FROM at_once.ledger_version")).toEqual([{ version: "1" }]);
      await Promise.all(ledgers.map((ledger) => ledger.close()));
    },
  );

  test("of a newer version are refused", { timeout: 60_000 }, async () => {
    const options = { url: server.url, schema: "newer" };
    await (await openPostgresLedger(options)).close();
    await sql("INSERT INTO newer.ledger_version VALUES (99)");
    await expect(openPostgresLedger(options)).rejects.toMatchObject({
      code: "TOLLGATE_STORE_UNAVAILABLE",
      message: expect.stringMatching(
        /newer version made it \(format 99\); update @tollgate\/ledger/,
      ),
    });
  });

  test(
    "agree among replicas that write the same events at the same time",
    { timeout: 120_000 },
    async () => {
      const options = { url: server.url, schema: "replicas" };
      const ledgers = await Promise.all(
        Array.from({ length: 3 }, () => openPostgresLedger(options)),
      );
      const batches = Array.from({ length: 10 }, (_, batch) =>
        Array.from({ length: 30 }, (_each, index) =>
          ledgerEvent({
            id: `e${batch}-${index}`,
            timeMs: NOON_MS + batch * 20 * DAY,
            attribution: { agent: `a${index % 4}`, task: `t${index}`, session: `s${batch}` },
          }),
        ),
      );
      const answers = await Promise.all(
        ledgers.map((ledger) => Promise.all(batches.map((batch) => ledger.record(batch)))),
      );
      const fresh = answers.flat().flatMap((answer) => answer.fresh.filter(Boolean));
      expect(fresh).toHaveLength(300);
      for (const ledger of ledgers) expect(await expectRollUpsToAgree(ledger)).toHaveLength(300);
      await Promise.all(ledgers.map((ledger) => ledger.close()));
    },
  );

  test("keep months apart, also late ones, and drop whole ones", { timeout: 60_000 }, async () => {
    const ledger = await openPostgresLedger({ url: server.url, schema: "months" });
    const months = [0, -3, -1];
    for (const month of months) {
      await ledger.record([ledgerEvent({ timeMs: Date.UTC(2026, 8 + month, 15) })]);
    }
    const tables =
      "SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'months.event'::regclass";
    expect(await sql(tables)).toEqual([{ n: "3" }]);
    expect(await ledger.deleteEventsBefore(Date.UTC(2026, 8, 1))).toBe(2);
    expect(await sql(tables)).toEqual([{ n: "1" }]);
    expect(await sql("SELECT count(*) AS n FROM months.event_key")).toEqual([{ n: "1" }]);
    expect(await ledger.summary({})).toMatchObject({ events: 3 });
    await ledger.close();
  });

  test("use a pool that is given and leave it open", { timeout: 60_000 }, async () => {
    const pool = new pg.Pool({ connectionString: server.url });
    const ledger = await openPostgresLedger({ pool, schema: "pooled" });
    await ledger.record([ledgerEvent()]);
    await ledger.close();
    const { rows } = await pool.query("SELECT count(*) AS n FROM pooled.event");
    expect(rows).toEqual([{ n: "1" }]);
    await pool.end();
  });

  test("say when the server is away, and go on when it is back", { timeout: 60_000 }, async () => {
    const ledger = await openPostgresLedger({ url: server.url, schema: "away" });
    await ledger.record([ledgerEvent({ id: "before" })]);
    // Every connection is cut, as by a restart.
    await sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL",
    );
    const outcomes: unknown[] = [];
    while (outcomes.at(-1) !== "recorded") {
      const outcome = ledger.record([ledgerEvent({ id: "after" })]).then(() => "recorded", codeOf);
      outcomes.push(await outcome);
    }
    const others = outcomes.filter((outcome) => outcome !== "TOLLGATE_STORE_UNAVAILABLE");
    expect(others).toEqual(["recorded"]);
    expect(await ledger.summary({})).toMatchObject({ events: 2 });
    await ledger.close();
    const closed = "postgres://tollgate@127.0.0.1:1/postgres";
    await expect(openPostgresLedger({ url: closed })).rejects.toMatchObject({
      code: "TOLLGATE_STORE_UNAVAILABLE",
    });
    await expect(openPostgresLedger({ url: closed, schema: "no schema" })).rejects.toMatchObject({
      code: "TOLLGATE_CONFIG_INVALID",
    });
  });
});

function codeOf(error: unknown): unknown {
  return error instanceof TollgateError ? error.code : error;
}
