import { rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startApp, sumOf, type AppOptions, type RegisteredApp } from "./registered-app.ts";

const requests = (limit: number, id = "daily"): string =>
  `budgets:\n  - { id: ${id}, limit: { requests: ${limit} }, window: day }\n`;

interface Told extends RegisteredApp {
  /** Makes a call. @returns what became of it. */
  call(name: string): Promise<string>;
  /** Writes the file and waits for what the app says of it. */
  edit(yaml: string, said: RegExp): Promise<void>;
}

async function start(options: AppOptions): Promise<Told> {
  const started = await startApp({
    script: "asks-when-told.mjs",
    ...options,
    env: { OTEL_LOG_LEVEL: "info", ...options.env },
  });
  await started.lines();
  return {
    ...started,
    async call(name) {
      started.app.write(`${name}\n`);
      const [, answer = ""] = await started.app.untilStdout(new RegExp(`^${name} (.*)$`, "m"));
      return answer;
    },
    async edit(yaml, said) {
      await writeFile(started.configFile, yaml);
      await started.app.untilStderr(said);
    },
  };
}

test("a limit that is raised in tollgate.yaml counts while the app runs, a wrong file does not", async () => {
  const app = await start({ yaml: requests(1) });
  const gauge = async (what: string, budget: string): Promise<number> =>
    sumOf(await app.samples(), `tollgate_budget_${what}_requests`, { tollgate_budget: budget });
  expect(await app.call("first")).toBe("passed");
  expect(await app.call("second")).toMatch(/^402 .*daily/);

  await app.edit(requests(2), /tollgate\.yaml was edited and applied: budgets/);
  expect(await app.call("third")).toBe("passed");
  expect(await app.call("fourth")).toMatch(/^402 .*daily/);

  expect(await gauge("limit", "daily")).toBe(2);
  await app.edit("budgets:\n  - { id: daily, limt: 9", /is not applied[^]*tollgate\.yaml:2:\d+ /);
  expect(await app.call("fifth")).toMatch(/^402 .*daily/);

  await app.edit(requests(1, "hourly"), /(was edited and applied[^]*){2}/);
  expect(await app.call("sixth")).toBe("passed");
  expect(await app.call("seventh")).toMatch(/^402 .*hourly/);
  expect(await gauge("spent", "hourly")).toBe(1);
  expect(await gauge("limit", "daily")).toBeNaN();

  await rm(app.configFile);
  await app.app.untilStderr(/there is no such file/);
  expect(await app.call("eighth")).toMatch(/^402 .*hourly/);
  app.app.endInput();
  expect((await app.app.exited).code).toBe(0);
});

const override = (perMtok: string): string =>
  `pricing:\n  overrides:\n    - { provider: openai, model: gpt-4o-mini, outputPerMtok: "${perMtok}", inputPerMtok: "0" }\n`;

test("a price that is corrected in tollgate.yaml counts from the next call on", async () => {
  const app = await start({ yaml: override("1") });
  await app.call("first");
  expect(sumOf(await app.samples(), "tollgate_cost_usd_total")).toBeCloseTo(0.000_5, 12);
  await app.edit(override("2"), /applied: pricing/);
  await app.call("second");
  expect(sumOf(await app.samples(), "tollgate_cost_usd_total")).toBeCloseTo(0.001_5, 12);
});

test("with TOLLGATE_RELOAD=false edits wait for the next start", async () => {
  const app = await start({ yaml: requests(1), env: { TOLLGATE_RELOAD: "false" } });
  await app.call("first");
  await writeFile(app.configFile, requests(5));
  expect(await app.call("second")).toMatch(/^402 .*daily/);
  app.app.endInput();
  const { code, stderr } = await app.app.exited;
  expect(code).toBe(0);
  expect(stderr).not.toContain("applied");
});

test("a watched file keeps no process running", async () => {
  const { app } = await startApp({ script: "nothing.mjs", yaml: requests(1) });
  app.endInput();
  expect((await app.exited).code).toBe(0);
});
