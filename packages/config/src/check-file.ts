import type { CheckedFile } from "./assemble-config.ts";
import { findDuplicateIds } from "./duplicate-ids.ts";
import { parseYaml } from "./file/parse-yaml.ts";
import { describeIssues, whatToWrite } from "./problem/describe-issues.ts";
import { formatKey, type Problem } from "./problem/problem.ts";
import { configFileSchema } from "./schema.ts";
import { findUnreadable } from "./unreadable-budgets.ts";

/**
 * Reads the text of a `tollgate.yaml`.
 *
 * @param source - how problems name the file.
 */
export function checkFile(text: string, source: string): CheckedFile {
  const yaml = parseYaml(text, source);
  if (yaml.data === undefined) return { config: undefined, problems: yaml.problems };
  // A file with nothing but comments is an empty map.
  const data: unknown = yaml.data ?? {};
  const parsed = configFileSchema.safeParse(data, { error: whatToWrite });
  const issues = [
    ...describeIssues(parsed.error?.issues ?? [], configFileSchema, data),
    ...findDuplicateIds(data),
    ...findUnreadable(parsed.data),
  ];
  const found = issues.map(({ path, message }) => ({
    source,
    ...yaml.locate(path),
    key: formatKey(path),
    message,
  }));
  return { config: parsed.data, problems: inOrder([...yaml.problems, ...found]) };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
