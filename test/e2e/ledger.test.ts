import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgresLedger } from "@tollgate/ledger/postgres";
import { openSqliteLedger } from "@tollgate/ledger/sqlite";
import type { Ledger } from "@tollgate/ledger";
import { startPostgres, type NodeExit } from "@tollgate/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { describeWithServer } from "@tollgate/testkit/vitest";
import { startApp, type RegisteredApp } from "./registered-app.ts";

const CALLS = 20;
/** 600 × $0.15 + 400 × $0.075 + 500 × $0.60, per million tokens, in nano-USD. */
const CALL_NANO_USD = 420_000;

/** How an app ends, and what its end looks like with or without Tollgate. */
interface Ending {
  readonly name: string;
  /** Sent once all calls were made. */
  readonly signal?: NodeJS.Signals;
  readonly exit: Partial<NodeExit>;
  /** Calls it makes while it ends. */
  readonly more?: number;
}

const ENDINGS: readonly Ending[] = [
  { name: "normal", exit: { code: 0 } },
  { name: "process.exit", exit: { code: 3 } },
  { name: "error", exit: { code: 1 } },
  { name: "SIGTERM", signal: "SIGTERM", exit: { code: undefined, signal: "SIGTERM" } },
  { name: "SIGINT", signal: "SIGINT", exit: { code: undefined, signal: "SIGINT" } },
  { name: "SIGHUP", signal: "SIGHUP", exit: { code: undefined, signal: "SIGHUP" } },
  { name: "own-handler", signal: "SIGTERM", exit: { code: 7 }, more: 1 },
];

async function startEnding(name: string, ledger: string, env = {}): Promise<RegisteredApp> {
  const yaml = `ledger: ${ledger}\n`;
  return startApp({ script: "ends-as-told.mjs", calls: [name, String(CALLS)], yaml, env });
}

async function endAs({ name, signal }: Ending, ledger: string, env = {}): Promise<NodeExit> {
  const { app } = await startEnding(name, ledger, env);
  if (signal !== undefined) {
    await app.untilStdout(/called/);
    app.kill(signal);
  }
  return app.exited;
}

async function expectCalls(ledger: Ledger, calls: number): Promise<void> {
  const summary = await ledger.summary({ organization: "acme", project: "atlas" });
  expect(summary).toMatchObject({
    events: calls,
    inputTokens: calls * 1_000,
    outputTokens: calls * 500,
    costNanoUsd: calls * CALL_NANO_USD,
  });
}

async function ledgerFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tollgate-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "ledger.db");
}

test.each(ENDINGS)("an app that ends by $name has every call in its file, once", async (ending) => {
  const path = await ledgerFile();
  expect(await endAs(ending, `{ sqlite: ${path} }`)).toMatchObject(ending.exit);
  const ledger = openSqliteLedger({ path });
  await expectCalls(ledger, CALLS + (ending.more ?? 0));
  const { events } = await ledger.events({}, { limit: 1 });
  expect(events).toMatchObject([{ source: "instrumentation", outcome: "ok", state: "booked" }]);
  await ledger.close();
});

test("signals end the app, and telemetry and ledger are both flushed before", async () => {
  const path = await ledgerFile();
  const ending: Ending = { name: "SIGTERM", signal: "SIGTERM", exit: { signal: "SIGTERM" } };
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    OTEL_EXPORTER_OTLP_TIMEOUT: "500",
  };
  expect(await endAs(ending, `{ sqlite: ${path} }`, env)).toMatchObject(ending.exit);
  const ledger = openSqliteLedger({ path });
  await expectCalls(ledger, CALLS);
  await ledger.close();
});

test("what was written outlives SIGKILL, and the next process goes on", async () => {
  const path = await ledgerFile();
  const { app } = await startEnding("SIGKILL", `{ sqlite: ${path} }`);
  await app.untilStdout(/called/);
  const reader = openSqliteLedger({ path });
  await vi.waitFor(() => expectCalls(reader, CALLS), { timeout: 20_000 });
  await reader.close();
  app.kill("SIGKILL");
  await app.exited;
  expect(await endAs({ name: "normal", exit: {} }, `{ sqlite: ${path} }`)).toMatchObject({
    code: 0,
  });
  const ledger = openSqliteLedger({ path });
  await expectCalls(ledger, 2 * CALLS);
  await ledger.close();
});

test("several processes write one file", async () => {
  const path = await ledgerFile();
  const exits = await Promise.all(
    ENDINGS.slice(0, 3).map((ending) => endAs(ending, `{ sqlite: ${path} }`)),
  );
  expect(exits.map(({ code }) => code)).toEqual([0, 3, 1]);
  const ledger = openSqliteLedger({ path });
  await expectCalls(ledger, 3 * CALLS);
  await ledger.close();
});

test("a file that cannot be opened is an error of the configuration", async () => {
  const { app } = await startEnding("normal", "{ sqlite: /proc/nowhere/ledger.db }");
  const { code, stderr } = await app.exited;
  expect(code).toBe(78);
  expect(stderr).toContain("/proc/nowhere/ledger.db");
});

test("a server that is away keeps the app neither from starting nor from ending", async () => {
  const exit = await endAs(ENDINGS[1]!, "{ postgres: 'postgres://nobody@127.0.0.1:9/none' }", {
    OTEL_LOG_LEVEL: "error",
  });
  expect(exit.code).toBe(3);
  expect(exit.stderr).toContain("could not be written at the exit");
});

describeWithServer("postgres", "in PostgreSQL", () => {
  test("an app that ends, however it does, has every call in the ledger, once", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const ledger = await openPostgresLedger({ url: server.url });
    let calls = 0;
    for (const ending of ENDINGS) {
      // oxlint-disable-next-line no-await-in-loop -- one app after the other
      const exit = await endAs(ending, `{ postgres: "${server.url}" }`);
      expect(exit, ending.name).toMatchObject(ending.exit);
      calls += CALLS + (ending.more ?? 0);
      // oxlint-disable-next-line no-await-in-loop
      await expectCalls(ledger, calls);
    }
    await ledger.close();
  });
});
