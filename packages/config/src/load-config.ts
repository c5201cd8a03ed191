import { mergeAttribution, TollgateError, type ErrorCode } from "@tollgate/core";
import type { ConfigFile, LoadedConfig } from "./config-file.ts";
import { findDuplicateIds } from "./duplicate-ids.ts";
import { readEnvironment, type Environment } from "./environment/variables.ts";
import { findFile, type FoundFile } from "./file/find-file.ts";
import { parseYaml } from "./file/parse-yaml.ts";
import { readText } from "./file/read-text.ts";
import { describeIssues, whatToWrite } from "./problem/describe-issues.ts";
import { formatKey, formatProblem, type Problem } from "./problem/problem.ts";
import { configFileSchema } from "./schema.ts";

export interface LoadConfigOptions {
  /** @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Where `tollgate.yaml` is looked for. @defaultValue the working directory */
  readonly cwd?: string | undefined;
}

/**
 * Reads `tollgate.yaml` (or the file that `TOLLGATE_CONFIG` names) and the `TOLLGATE_*` variables,
 * which win over it.
 *
 * Without a file everything has its default. Nothing is guessed: an unknown key, a text where a
 * number belongs or a misspelt variable is an error.
 *
 * @throws TollgateError `TOLLGATE_CONFIG_UNREADABLE` when a file cannot be read, else
 *   `TOLLGATE_CONFIG_INVALID`. The message lists every problem with file, line, column and key, and
 *   what to write instead.
 */
export function loadConfig(options: LoadConfigOptions = {}): LoadedConfig {
  const cwd = options.cwd ?? process.cwd();
  const environment = readEnvironment(options.env ?? process.env);
  const found = findFile(cwd, environment.configFile);
  const file = readFile(found);
  const problems = [...file.problems, ...environment.problems];
  if (problems.length > 0 || file.config === undefined) throw invalid(file.code, problems);

  const { organization, project, task, agent, attribution, ...rest } = file.config;
  return {
    ...rest,
    attribution: {
      defaults: mergeAttribution({ organization, project, task, agent }, environment.attribution),
      locked: attribution.locked,
      trustBaggage: environment.trustBaggage ?? attribution.trustBaggage,
    },
    captureContent: environment.captureContent ?? file.config.captureContent,
    runDir: environment.runDir,
    disabled: environment.disabled,
    onConfigError: environment.onConfigError,
    sources: { file: found?.path, variables: environment.variables },
  };
}

interface FileResult {
  readonly config: ConfigFile | undefined;
  readonly problems: readonly Problem[];
  readonly code: ErrorCode;
}

function readFile(found: FoundFile | undefined): FileResult {
  if (found === undefined) return checkFile("", "");
  const read = readText(found);
  if ("text" in read) return checkFile(read.text, found.shown);
  return {
    config: undefined,
    problems: [read.problem],
    code: read.unreadable ? "TOLLGATE_CONFIG_UNREADABLE" : "TOLLGATE_CONFIG_INVALID",
  };
}

function checkFile(text: string, source: string): FileResult {
  const code = "TOLLGATE_CONFIG_INVALID";
  const yaml = parseYaml(text, source);
  if (yaml.data === undefined) return { config: undefined, problems: yaml.problems, code };
  // A file with nothing but comments is an empty map.
  const data: unknown = yaml.data ?? {};
  const parsed = configFileSchema.safeParse(data, { error: whatToWrite });
  const issues = [
    ...describeIssues(parsed.error?.issues ?? [], configFileSchema, data),
    ...findDuplicateIds(data),
  ];
  const found = issues.map(({ path, message }) => ({
    source,
    ...yaml.locate(path),
    key: formatKey(path),
    message,
  }));
  return { config: parsed.data, problems: inOrder([...yaml.problems, ...found]), code };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

function invalid(code: ErrorCode, problems: readonly Problem[]): TollgateError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
  return new TollgateError(code, `The configuration has ${count}:\n${lines.join("\n")}`);
}
