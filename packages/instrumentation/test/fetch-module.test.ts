import { createBudgetProcessor } from "@tollgate/budget";
import type { UsageEvent } from "@tollgate/core";
import { startFakeProvider } from "@tollgate/testkit";
import { fetch, Request, Response } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCallMeter, TollgateInstrumentation } from "../src/index.ts";
import { createFetchModuleHook } from "../src/module/fetch-module.ts";
import { createModuleHooks } from "../src/module/module-hooks.ts";
import { MODULE_NAMES } from "../src/module/module-names.ts";
import { undiciModule } from "../src/module/undici.ts";

interface Rig {
  readonly url: string;
  /** The module's exports, patched. */
  readonly exports: { fetch: typeof fetch };
  readonly events: UsageEvent[];
  readonly hook: ReturnType<typeof createFetchModuleHook>;
}

async function createRig(): Promise<Rig> {
  const provider = await startFakeProvider();
  onTestFinished(() => provider.close());
  const events: UsageEvent[] = [];
  const budget = createBudgetProcessor({ policies: [] });
  const meter = createCallMeter({ budget, onUsage: (event) => events.push(event) });
  const hook = createFetchModuleHook(undiciModule, () => meter);
  const exports = { fetch, Request, Response };
  hook.patch?.(exports);
  return { url: `${provider.openaiBaseUrl}/chat/completions`, exports, events, hook };
}

const body = JSON.stringify({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "Say something." }],
});

describe("a fetch that a module exports", () => {
  test("is metered when it is given the module's own Request", async () => {
    const { exports, events, url } = await createRig();
    const headers = { "x-stainless-retry-count": "2" };
    const response = await exports.fetch(new Request(url, { method: "POST", body, headers }));
    await response.json();
    expect(events).toMatchObject([{ requestModel: "gpt-4o-mini", outcome: "ok" }]);
  });

  test("is metered once when its module is patched twice, as by require and import", async () => {
    const { hook, exports, events, url } = await createRig();
    const patched = exports.fetch;
    hook.patch?.(exports);
    expect(exports.fetch).toBe(patched);
    await (await exports.fetch(url, { method: "POST", body })).text();
    expect(events).toHaveLength(1);
  });

  test("is metered once when two meters hook the same module: the outer one has it", async () => {
    const { exports, events, url } = await createRig();
    const outer: UsageEvent[] = [];
    const meter = createCallMeter({ onUsage: (event) => outer.push(event) });
    createFetchModuleHook(undiciModule, () => meter).patch?.(exports);
    await (await exports.fetch(url, { method: "POST", body })).text();
    expect([outer.length, events.length]).toEqual([1, 0]);
  });

  test("is as it was once the hook is taken out", async () => {
    const { hook, exports, events, url } = await createRig();
    hook.unpatch?.(exports);
    await (await exports.fetch(url, { method: "POST", body })).text();
    expect(events).toEqual([]);
  });

  test("keeps its name and length, and what is set on it reaches the original", async () => {
    const { exports } = await createRig();
    expect(exports.fetch).not.toBe(fetch);
    expect([exports.fetch.name, exports.fetch.length]).toEqual([fetch.name, fetch.length]);
    Object.assign(exports.fetch, { mark: 1 });
    expect(fetch).toHaveProperty("mark", 1);
    Reflect.deleteProperty(fetch, "mark");
  });

  test.each([undefined, null, 7, {}, { fetch: 7 }, { fetch }])(
    "is not looked for in %j, which is no module of that kind",
    (exports) => {
      const hook = createFetchModuleHook(undiciModule, () => createCallMeter());
      expect(hook.patch?.(exports)).toBe(exports);
    },
  );
});

test("an app's own OpenTelemetry gets the same hooks", () => {
  const names = createModuleHooks(() => createCallMeter()).map(({ name }) => name);
  expect(names).toEqual([
    "node-fetch",
    "undici",
    "@aws-sdk/client-bedrock-runtime",
    "ws",
    "undici",
  ]);
  expect(MODULE_NAMES).toEqual([...new Set(names)]);
  const instrumentation = new TollgateInstrumentation();
  instrumentation.disable();
  expect(instrumentation.isEnabled()).toBe(false);
});
