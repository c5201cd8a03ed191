import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type YAMLError,
} from "yaml";
import type { Problem } from "../problem/problem.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  /** Plain data; `undefined` when the text is so broken that it means nothing. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Where a key or list item stands; the nearest thing around it when it is not there. */
  locate(path: readonly PropertyKey[]): Place;
}

/** Reads YAML 1.2; every problem says where it is. */
export function parseYaml(text: string, source: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    merge: true,
    logLevel: "error",
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const locate = (path: readonly PropertyKey[]): Place => placeAt(offsetOf(document, path));
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    source,
    ...placeAt(error.pos[0]),
    ...describe(error, text),
  }));
  // A key that is there twice leaves the rest readable; other errors leave guesses.
  const isReadable = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  if (!isReadable) return { data: undefined, problems, locate };
  const unresolved = unresolvedAliases(document).map(({ offset, name }) => ({
    source,
    ...placeAt(offset),
    key: "",
    message: `*${name} stands for nothing; write &${name} before what it repeats`,
  }));
  if (unresolved.length > 0)
    return { data: undefined, problems: [...problems, ...unresolved], locate };
  try {
    return { data: document.toJS({ maxAliasCount: MAX_ALIASES }), problems, locate };
  } catch {
    // Aliases of aliases that would unfold to gigabytes.
    const message = "its aliases (*) repeat too much; write out what they stand for";
    return { data: undefined, problems: [...problems, { source, key: "", message }], locate };
  }
}

const MAX_ALIASES = 100;

function unresolvedAliases(document: Document.Parsed): { offset: number; name: string }[] {
  const found: { offset: number; name: string }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) {
        found.push({ offset: alias.range?.[0] ?? 0, name: alias.source });
      }
    },
  });
  return found;
}

function describe(
  { code, message, pos }: YAMLError,
  text: string,
): { key: string; message: string } {
  if (code === "DUPLICATE_KEY") {
    const key = /^["']?([^\s:"']*)/.exec(text.slice(pos[0]))?.[1] ?? "";
    return { key, message: "this key is here twice in one map; keep one of them" };
  }
  if (code === "TAB_AS_INDENT") return { key: "", message: "a tab is no indentation; use spaces" };
  if (code === "MULTIPLE_DOCS") {
    return { key: "", message: "a second document begins here (---); write one" };
  }
  return { key: "", message: `is not valid YAML: ${message}` };
}

/** The key's offset in the text, not its value's: it is what people look for. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    const member = memberOf(node, part);
    if (member === undefined) return offset;
    offset = rangeStart(member.at) ?? offset;
    node = member.value;
  }
  return offset;
}

interface Member {
  /** What carries the place: a map's key, a list's item. */
  readonly at: unknown;
  readonly value: unknown;
}

function memberOf(node: unknown, part: PropertyKey): Member | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === part);
    return pair && { at: pair.key, value: pair.value };
  }
  if (isSeq(node) && typeof part === "number" && part < node.items.length) {
    const item = node.items[part];
    return { at: item, value: item };
  }
  return undefined;
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
