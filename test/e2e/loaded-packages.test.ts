import { expect, test } from "vitest";
import { startApp, type AppOptions } from "./registered-app.ts";

const API = "@opentelemetry/api";
/** One small file of it, which says whether this Node has synchronous hooks. */
const LOADER = "import-in-the-middle";
const SDK = ["@opentelemetry/sdk-metrics", "@opentelemetry/exporter-prometheus"];

/** Packages that an entry, and an app on it, load besides those of this workspace. */
async function loadedBy(entry: string, options: AppOptions = {}): Promise<readonly string[]> {
  const nodeArgs = ["--import", "./e2e/apps/loaded-packages.mjs", "--import", entry];
  const { app } = await startApp({ script: "nothing.mjs", ...options, nodeArgs });
  app.endInput();
  const { code, stdout, stderr } = await app.exited;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const loaded: readonly string[] = JSON.parse(/^loaded (.*)$/m.exec(stdout)?.[1] ?? "[]");
  return loaded.toSorted((a, b) => a.localeCompare(b));
}

test("register loads the OpenTelemetry API and nothing else until it is needed", async () => {
  expect(await loadedBy("@tollgate/node/register")).toEqual([API, LOADER]);
});

test("Node's own fetch and WebSocket are loaded when the app uses them, and are what they were", async () => {
  const { app } = await startApp({ script: "globals.mjs" });
  app.endInput();
  const { code, stdout } = await app.exited;
  expect({ code, said: JSON.parse(stdout) }).toEqual({
    code: 0,
    said: { before: false, name: "WebSocket", OPEN: 1, isKnown: true, after: true },
  });
});

test("what checks a tollgate.yaml is loaded if there is one", async () => {
  const yaml = "project: atlas\n";
  expect(await loadedBy("@tollgate/node/register", { yaml })).toEqual([API, LOADER, "yaml", "zod"]);
});

test("a ledger's driver is loaded by who names the ledger", async () => {
  const yaml = "ledger: { sqlite: ./ledger.db }\n";
  const loaded = await loadedBy("@tollgate/node/register", { yaml });
  expect(loaded).toEqual([API, LOADER, "kysely", "yaml", "zod"]);
});

test("the OpenTelemetry SDK is loaded at the first metered call", async () => {
  const loaded = await loadedBy("@tollgate/node/register", {
    script: "worker.mjs",
    calls: ["chat"],
  });
  expect(loaded).toEqual(expect.arrayContaining(SDK));
  expect(loaded).not.toContain("@opentelemetry/instrumentation");
});

test("what hooks modules is loaded with the first module that it is for", async () => {
  const loaded = await loadedBy("@tollgate/node/register", { script: "openai4.mjs" });
  expect(loaded).toContain("@opentelemetry/instrumentation");
});

test.each([
  ["@tollgate/pricing", []],
  ["@tollgate/budget/checked", [API]],
  ["@tollgate/instrumentation/fetch", [API]],
  ["@tollgate/node", [API]],
])("%s loads %j", async (entry, loaded) => {
  expect(await loadedBy(entry)).toEqual(loaded);
});
