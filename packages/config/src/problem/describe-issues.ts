import type * as z from "zod";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";

type Issue = z.core.$ZodIssue;

/** Something wrong at a path of a document. */
export interface DescribedIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What schemas that say nothing themselves say: what to write. */
export const whatToWrite: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type") return `write ${EXPECTED[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") {
    return `write ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
  }
  if (issue.code === "too_small") return `write ${issue.minimum} or more`;
  if (issue.code === "too_big") return `write ${issue.maximum} or less`;
  return undefined;
};

const EXPECTED: Readonly<Partial<Record<string, string>>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
};

/**
 * Puts Zod's findings into words: what is there, and what to write instead.
 *
 * @param schema - what the document was checked against; for the keys that people may have meant.
 * @param data - the document.
 */
export function describeIssues(
  issues: readonly Issue[],
  schema: z.core.$ZodType,
  data: unknown,
): readonly DescribedIssue[] {
  return issues
    .flatMap((issue) => innermost(issue))
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({
            path: [...issue.path, key],
            message: unknownKey(key, knownKeys(schema, issue.path)),
          }))
        : [{ path: issue.path, message: messageOf(issue, data) }],
    );
}

/**
 * Of a union, the findings of the alternative that was meant: the only one, or the nearest, whose
 * kind of value (map, text, list) was written. Without one, the union's own words.
 */
function innermost(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [meant] = issue.errors
    .filter((alternative) => alternative.every((inner) => !isOtherKind(inner)))
    .toSorted((a, b) => a.length - b.length);
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isOtherKind({ path, code }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known);
  if (nearest !== undefined) return `unknown key; did you mean "${nearest}"?`;
  return known.length === 0 ? "unknown key" : `unknown key; write one of ${known.join(", ")}`;
}

/** A secret must not end up in a log. */
function messageOf(issue: Issue, data: unknown): string {
  if (issue.path.at(-1) === "secret") return issue.message;
  return describe(issue, valueAt(data, issue.path));
}

function describe(issue: Issue, value: unknown): string {
  const { message } = issue;
  // A check of its own that explains itself needs no "is ..." before it.
  if (issue.code === "custom" && !/^(write|use|name)\b/.test(message)) return message;
  return `${describeValue(value)}; ${message}${quotingAdvice(issue, value)}${nearestWord(issue, value)}`;
}

function nearestWord(issue: Issue, value: unknown): string {
  const nearest = typeof value === "string" ? nearestName(value, wordsOf(issue)) : undefined;
  return nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
}

/** The words that a place takes. */
function wordsOf(issue: Issue): readonly string[] {
  if (issue.code === "invalid_union") return issue.errors.flat().flatMap(wordsOf);
  if (issue.code !== "invalid_value") return [];
  return issue.values.filter((word) => typeof word === "string");
}

/** YAML makes numbers of digits and `true` of true: whether there are quotes decides. */
function quotingAdvice(issue: Issue, value: unknown): string {
  const wanted = "expected" in issue ? issue.expected : undefined;
  if (wanted === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return `, in quotes: "${value}"`;
  }
  const isNumeric =
    typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value));
  return (wanted === "number" || wanted === "int") && isNumeric ? ", without quotes" : "";
}

const MAX_SHOWN = 60;

function describeValue(value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "is empty";
  if (Array.isArray(value)) return "is a list";
  if (typeof value === "number" || typeof value === "boolean") return `is ${value}`;
  if (typeof value !== "string") return "is a map";
  const shown = value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
  return `is the text ${JSON.stringify(shown)}`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return value;
}
