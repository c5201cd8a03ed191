import { dirname, resolve } from "node:path";
import { mergeAttribution, TollgateError, type ErrorCode } from "@tollgate/core";
import type { ConfigFile, LoadedConfig } from "./config-file.ts";
import { readEnvironment, type Environment } from "./environment/variables.ts";
import { findFile, type FoundFile } from "./file/find-file.ts";
import { readText } from "./file/read-text.ts";
import { DEFAULT_PRICING } from "./pricing-config.ts";
import { formatProblem, type Problem } from "./problem/problem.ts";
import type { StoreConfig } from "./store-config.ts";

export interface LoadConfigOptions {
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Where `tollgate.yaml` is looked for. @defaultValue the working directory */
  readonly cwd?: string | undefined;
}

export interface CheckedFile {
  /** `undefined` when the text is no configuration. */
  readonly config: ConfigFile | undefined;
  readonly problems: readonly Problem[];
  /** What may be meant, but is more likely a slip. */
  readonly warnings: readonly Problem[];
}

/** Reads the text of a file; `source` is how problems name it, `path` where it is. */
export type FileChecker = (text: string, source: string, path?: string) => CheckedFile;

/** What an empty file means. */
const DEFAULTS: ConfigFile = {
  attribution: { trustBaggage: false },
  endpoints: [],
  budgets: [],
  guards: [],
  collector: { attribution: { rules: [], defaults: true } },
  alerts: { webhooks: [] },
  pricing: DEFAULT_PRICING,
  metrics: {},
  spans: true,
  captureContent: "NO_CONTENT",
};

/**
 * Puts file and environment together.
 *
 * @param fileChecker - asked for only if there is a file.
 */
export function assembleConfig(
  options: LoadConfigOptions,
  fileChecker: () => FileChecker,
): LoadedConfig {
  const read = readConfig(options, fileChecker);
  if ("config" in read) return read.config;
  throw new TollgateError(read.code, describeProblems(read.problems));
}

/** The configuration, or what is wrong with it. */
export type ReadConfig =
  | { readonly config: LoadedConfig }
  | { readonly code: ErrorCode; readonly problems: readonly Problem[] };

/** @param pinned - the file to read, whatever the environment names. */
export function readConfig(
  options: LoadConfigOptions,
  fileChecker: () => FileChecker,
  pinned?: FoundFile,
): ReadConfig {
  const { cwd = process.cwd(), env = process.env } = options;
  const environment = readEnvironment(env);
  const found = pinned ?? findFile(cwd, environment.configFile);
  const file = readFile(found, fileChecker);
  const problems = [...file.problems, ...environment.problems];
  if (problems.length > 0 || file.config === undefined) return { code: file.code, problems };

  const placed = placeFiles(file.config, dirname(found?.path ?? cwd));
  const { organization, project, task, agent, attribution, ...rest } = placed;
  const config: LoadedConfig = {
    ...rest,
    attribution: {
      defaults: mergeAttribution({ organization, project, task, agent }, environment.attribution),
      locked: attribution.locked,
      trustBaggage: environment.trustBaggage ?? attribution.trustBaggage,
    },
    captureContent: environment.captureContent ?? rest.captureContent,
    runDir: environment.runDir,
    disabled: environment.disabled,
    reload: environment.reload,
    onConfigError: environment.onConfigError,
    warnings: file.warnings.map(formatProblem),
    sources: { file: found?.path, variables: environment.variables },
  };
  return { config };
}

/** Relative paths begin at the folder of the file that they stand in. */
function placeFiles(config: ConfigFile, folder: string): ConfigFile {
  const { store, ledger, collector } = config;
  return {
    ...config,
    store: store && placeStore(store, folder),
    ledger: placeLedger(ledger, folder),
    collector: placeCollector(collector, folder),
  };
}

function placeStore({ sqlite, redis, slices }: StoreConfig, folder: string): StoreConfig {
  return {
    slices,
    sqlite: inFolder(folder, sqlite),
    redis: redis && { ...redis, outbox: inFolder(folder, redis.outbox) },
  };
}

function placeLedger(ledger: ConfigFile["ledger"], folder: string): ConfigFile["ledger"] {
  return ledger && { ...ledger, sqlite: inFolder(folder, ledger.sqlite) };
}

function placeCollector(
  collector: ConfigFile["collector"],
  folder: string,
): ConfigFile["collector"] {
  if (collector.tokens === undefined) return collector;
  return { ...collector, tokens: resolve(folder, collector.tokens) };
}

function inFolder(folder: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(folder, path);
}

interface FileResult extends CheckedFile {
  readonly code: ErrorCode;
}

function readFile(found: FoundFile | undefined, fileChecker: () => FileChecker): FileResult {
  const code = "TOLLGATE_CONFIG_INVALID";
  if (found === undefined) return { config: DEFAULTS, problems: [], warnings: [], code };
  const read = readText(found);
  if ("text" in read) return { ...fileChecker()(read.text, found.shown, found.path), code };
  return {
    config: undefined,
    problems: [read.problem],
    warnings: [],
    code: read.unreadable ? "TOLLGATE_CONFIG_UNREADABLE" : code,
  };
}

export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
  return `The configuration has ${count}:\n${lines.join("\n")}`;
}
