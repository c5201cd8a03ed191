import { scanObject, unquote } from "../json/scan.ts";
import { utf8Length } from "../json/utf8-length.ts";

/** The top level of a request's JSON body. */
export interface RequestBody {
  readonly bytes: number;
  /** The `type`s inside members that carry content: what kinds of parts a prompt is made of. */
  readonly contentTypes: ReadonlySet<string>;
  /** A member's raw JSON; `undefined` when it is absent or null. */
  raw(key: string): string | undefined;
  text(key: string): string | undefined;
  flag(key: string): boolean;
  /** A whole number from 1 up. */
  count(key: string): number | undefined;
  isArray(key: string): boolean;
}

const CONTENT_KEYS: ReadonlySet<string> = new Set(["messages", "input", "system"]);

/** @returns `undefined` when the body is not a JSON object. */
export function openRequestBody(body: string): RequestBody | undefined {
  const members = new Map<string, string>();
  const contentTypes = new Set<string>();
  const isObject = scanObject(body, {
    member: (key, raw) => members.set(key, raw),
    nestedType: (topKey, type) => {
      if (CONTENT_KEYS.has(topKey)) contentTypes.add(type);
    },
  });
  if (!isObject) return undefined;
  const raw = (key: string): string | undefined => {
    const value = members.get(key);
    return value === "null" || value === "" ? undefined : value;
  };
  return {
    bytes: utf8Length(body),
    contentTypes,
    raw,
    text: (key) => unquote(raw(key) ?? ""),
    flag: (key) => raw(key) === "true",
    count: (key) => {
      const value = Number(raw(key));
      return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
    },
    isArray: (key) => raw(key)?.startsWith("[") ?? false,
  };
}
