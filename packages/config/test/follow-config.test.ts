import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import {
  followConfig,
  loadConfig,
  openBudgets,
  type ConfigReload,
  type ConfiguredBudgets,
  type FollowedConfig,
} from "../src/index.ts";
import { makeFolder } from "./load.ts";

const daily = (usd: number, id = "daily"): string =>
  `budgets:\n  - { id: ${id}, limit: { usd: ${usd} }, window: total }\n`;
const MISSPELT = "budgets:\n  - { id: daily, limt: { usd: 5 }, window: total }\n";

const call = (id: string) => ({
  id,
  attribution: {},
  provider: "openai",
  model: "gpt-5",
  expected: () => ({ nanoUsd: 600_000_000, tokens: 100 }),
  bound: () => ({ nanoUsd: 600_000_000, tokens: 100 }),
});

interface Followed {
  readonly path: string;
  readonly budgets: ConfiguredBudgets;
  readonly followed: FollowedConfig;
  /** What the next reload comes to that the file itself brings about. */
  next(): Promise<ConfigReload>;
}

function silent(): void {}

let said: string[] = [];
beforeEach(() => {
  said = [];
  const say = (message: string): void => void said.push(message);
  const logger = { error: say, warn: say, info: say, debug: silent, verbose: silent };
  diag.setLogger(logger, DiagLogLevel.INFO);
  return () => diag.disable();
});

function follow(
  path: string,
  options: { watch?: boolean; env?: Record<string, string>; pollMs?: number } = {},
): Followed {
  const env = { TOLLGATE_CONFIG: path, ...options.env };
  const config = loadConfig({ env });
  const budgets = openBudgets(config, { env });
  const reloads = new EventEmitter();
  const followed = followConfig({
    config,
    env,
    apply: budgets.applyConfig,
    onReload: (reload) => void reloads.emit("reload", reload),
    settleMs: 5,
    pollMs: options.pollMs ?? 60_000,
    watch: options.watch,
  });
  onTestFinished(async () => {
    followed.stop();
    await budgets.shutdown();
  });
  const next = async (): Promise<ConfigReload> => {
    const [reload]: ConfigReload[] = await once(reloads, "reload");
    if (reload === undefined) throw new Error("no reload");
    return reload;
  };
  return { path, budgets, followed, next };
}

/** Followed and watched: what the watch sees of a file so young has been told. */
async function watched(content: string, options?: Parameters<typeof follow>[1]): Promise<Followed> {
  const path = join(makeFolder(), "tollgate.yaml");
  writeFileSync(path, content);
  const opened = follow(path, options);
  expect(await opened.next()).toMatchObject({ outcome: "unchanged", restart: [] });
  return opened;
}

const limits = async ({ budgets }: Followed): Promise<unknown> =>
  (await budgets.states()).map(({ budget, limit }) => [budget, limit / 1e9]);

test("a raised limit counts from the next call on, and what was used stays used", async () => {
  const opened = await watched(daily(1));
  const { budgets, path, next } = opened;
  const first = await budgets.reserve(call("1"));
  if (first.granted) void first.lease.settle({ nanoUsd: 600_000_000, tokens: 100 });
  expect(await budgets.reserve(call("2"))).toMatchObject({ granted: false });
  const reload = next();
  writeFileSync(path, daily(2));
  expect(await reload).toMatchObject({ outcome: "applied", applied: ["budgets"], restart: [] });
  expect(await budgets.reserve(call("3"))).toMatchObject({ granted: true });
  expect(await budgets.states()).toMatchObject([{ limit: 2e9, spent: 6e8, reserved: 6e8 }]);
  expect(said.at(-1)).toMatch(/tollgate\.yaml was edited and applied: budgets/);
});

test("a wrong file changes nothing, and is told of once, with its line and what to write", async () => {
  const opened = await watched(daily(1));
  const { path, next, followed } = opened;
  let reload = next();
  writeFileSync(path, MISSPELT);
  expect(await reload).toMatchObject({
    outcome: "refused",
    problems: [{ line: 2 }, { line: 2, column: 18, key: "budgets[0].limt" }],
  });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /what held before holds on[^]*tollgate\.yaml:2:18 .*did you mean "limit"/,
  );
  expect(followed.reload()).toMatchObject({ outcome: "refused" });
  expect(said).toHaveLength(1);
  expect(await limits(opened)).toEqual([["daily", 1]]);

  reload = next();
  writeFileSync(path, daily(3));
  expect(await reload).toMatchObject({ outcome: "applied" });
  expect(await limits(opened)).toEqual([["daily", 3]]);
  followed.reload();
  expect(said).toHaveLength(2);
});

test("a file that is put right without another change is said to be valid again", async () => {
  const { path, next } = await watched(daily(1));
  let reload = next();
  writeFileSync(path, MISSPELT);
  await reload;
  reload = next();
  writeFileSync(path, daily(1));
  expect(await reload).toMatchObject({ outcome: "unchanged" });
  expect(said.at(-1)).toMatch(/valid again/);
});

test("an editor that renames a new file over the old one is followed, again and again", async () => {
  const opened = await watched(daily(1));
  const { path, next } = opened;
  for (const usd of [2, 3, 4]) {
    const reload = next();
    writeFileSync(`${path}.new`, daily(usd));
    renameSync(`${path}.new`, path);
    // oxlint-disable-next-line no-await-in-loop -- one edit after the other
    expect(await reload).toMatchObject({ outcome: "applied" });
  }
  expect(await limits(opened)).toEqual([["daily", 4]]);
});

test("a file that is emptied before it is written does not lift the budgets in between", async () => {
  const opened = await watched(daily(1));
  const reload = opened.next();
  truncateSync(opened.path);
  setImmediate(() => writeFileSync(opened.path, daily(2)));
  expect(await reload).toMatchObject({ outcome: "applied" });
  expect(await limits(opened)).toEqual([["daily", 2]]);
});

test("a file that stays empty says that there are no budgets", async () => {
  const opened = await watched(daily(1));
  const reload = opened.next();
  truncateSync(opened.path);
  expect(await reload).toMatchObject({ outcome: "applied" });
  expect(await limits(opened)).toEqual([]);
});

test("a deleted file leaves what held in force, and says so; put back, it is followed on", async () => {
  const opened = await watched(daily(1));
  let reload = opened.next();
  rmSync(opened.path);
  expect(await reload).toMatchObject({
    outcome: "refused",
    problems: [{ message: "cannot be read: there is no such file" }],
  });
  expect(said.at(-1)).toMatch(/what held before holds on/);
  expect(await limits(opened)).toEqual([["daily", 1]]);
  reload = opened.next();
  writeFileSync(opened.path, daily(2));
  expect(await reload).toMatchObject({ outcome: "applied" });
});

test("the link swaps of a mounted ConfigMap are followed", async () => {
  const folder = makeFolder();
  const publish = (version: string, content: string): void => {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, "tollgate.yaml"), content);
    symlinkSync(version, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  publish("..1", daily(1));
  symlinkSync(join("..data", "tollgate.yaml"), join(folder, "tollgate.yaml"));
  const opened = follow(join(folder, "tollgate.yaml"));
  await opened.next();
  const reload = opened.next();
  publish("..2", daily(2));
  expect(await reload).toMatchObject({ outcome: "applied" });
  expect(await limits(opened)).toEqual([["daily", 2]]);
});

test("what lies in another folder, behind a link, is found by looking", async () => {
  const [here, there] = [makeFolder(), makeFolder()];
  writeFileSync(join(there, "budgets.yaml"), daily(1));
  symlinkSync(join(there, "budgets.yaml"), join(here, "tollgate.yaml"));
  const opened = follow(join(here, "tollgate.yaml"), { pollMs: 10 });
  await opened.next();
  const reload = opened.next();
  writeFileSync(join(there, "budgets.yaml"), daily(2));
  expect(await reload).toMatchObject({ outcome: "applied" });
});

test("a removed budget is gone, its calls still end; a new id counts anew", async () => {
  const opened = await watched(daily(1));
  const { budgets, path, next } = opened;
  const first = await budgets.reserve(call("1"));
  const reload = next();
  writeFileSync(path, daily(1, "weekly"));
  await reload;
  expect(await budgets.states()).toMatchObject([{ budget: "weekly", spent: 0, reserved: 0 }]);
  expect(await budgets.reserve(call("2"))).toMatchObject({ granted: true });
  if (first.granted) void first.lease.settle({ nanoUsd: 600_000_000, tokens: 100 });
  expect(await budgets.states()).toMatchObject([{ budget: "weekly", spent: 0, reserved: 6e8 }]);
});

test("what needs a restart is named, and the rest counts at once", async () => {
  const { path, next } = await watched(daily(1));
  const reload = next();
  writeFileSync(path, `${daily(2)}project: atlas\nmetrics: { maxSeries: 10 }\nspans: false\n`);
  expect(await reload).toMatchObject({
    outcome: "applied",
    restart: ["attribution", "metrics", "spans"],
  });
  expect(said.at(-1)).toMatch(/attribution, metrics, spans will count from the next start on/);
});

test("a webhook whose secret is not there is refused, and the budgets beside it", async () => {
  const opened = await watched(daily(1));
  const reload = opened.next();
  writeFileSync(
    opened.path,
    `${daily(2)}alerts: { webhooks: [{ url: "https://a.example", secretEnv: NOT_THERE }] }\n`,
  );
  expect(await reload).toMatchObject({
    outcome: "refused",
    problems: [{ message: expect.stringContaining("NOT_THERE is not set") }],
  });
  expect(await limits(opened)).toEqual([["daily", 1]]);
});

test("without a watch the file is read when asked", async () => {
  const path = join(makeFolder(), "tollgate.yaml");
  writeFileSync(path, daily(1));
  const opened = follow(path, { watch: false });
  writeFileSync(path, daily(2));
  expect(await limits(opened)).toEqual([["daily", 1]]);
  expect(opened.followed.reload()).toMatchObject({ outcome: "applied" });
  expect(await limits(opened)).toEqual([["daily", 2]]);
});

test("a process without a file has nothing to follow", () => {
  const cwd = makeFolder();
  const config = loadConfig({ cwd, env: {} });
  const followed = followConfig({ config, cwd, env: {}, apply: () => expect.unreachable() });
  writeFileSync(join(cwd, "tollgate.yaml"), daily(1));
  expect(followed.reload()).toMatchObject({ outcome: "unchanged" });
  followed.stop();
});
