import type { CheckedFile } from "./assemble-config.ts";
import type { ConfigDocument, ConfigFile } from "./config-file.ts";
import { findDuplicateIds } from "./duplicate-ids.ts";
import { parseYaml } from "./file/parse-yaml.ts";
import { openPricing } from "./open-pricing.ts";
import { describeIssues, whatToWrite, type DescribedIssue } from "./problem/describe-issues.ts";
import { formatKey, type Problem } from "./problem/problem.ts";
import { configFileSchema } from "./schema.ts";
import { findSpread } from "./spread-budgets.ts";
import { findUnreadable } from "./unreadable-budgets.ts";

/**
 * Reads the text of a `tollgate.yaml`.
 *
 * @param source - how problems name the file.
 * @param path - of the file, from whose folder the paths in it start. @defaultValue the working directory's
 */
export function checkFile(text: string, source: string, path?: string): CheckedFile {
  const yaml = parseYaml(text, source);
  if (yaml.data === undefined) return { config: undefined, problems: yaml.problems, warnings: [] };
  // A file with nothing but comments is an empty map.
  const data: unknown = yaml.data ?? {};
  const parsed = configFileSchema.safeParse(data, { error: whatToWrite });
  const issues = [
    ...describeIssues(parsed.error?.issues ?? [], configFileSchema, data),
    ...findDuplicateIds(data),
    ...findUnreadable(parsed.data),
    ...findSpread(parsed.data),
  ];
  const opened = parsed.data && openDocument(parsed.data, path);
  const place = (found: DescribedIssue): Problem => ({
    source,
    ...yaml.locate(found.path),
    key: formatKey(found.path),
    message: found.message,
  });
  const found = [...issues, ...(opened?.issues ?? [])].map(place);
  return {
    config: opened?.config,
    problems: inOrder([...yaml.problems, ...found]),
    warnings: inOrder((opened?.warnings ?? []).map(place)),
  };
}

interface OpenedDocument {
  readonly config: ConfigFile;
  readonly issues: readonly DescribedIssue[];
  readonly warnings: readonly DescribedIssue[];
}

function openDocument(document: ConfigDocument, path: string | undefined): OpenedDocument {
  const { pricing, ...found } = openPricing(document.pricing, path);
  return { config: { ...document, pricing }, ...found };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
