import { scanObject, unquote, type ScanVisitor } from "../json/scan.ts";
import { utf8Length } from "../json/utf8-length.ts";

/** The top level of a request's JSON body. */
export interface RequestBody {
  readonly bytes: number;
  /** The kinds of parts a prompt is made of: the `type`s inside members that carry content. */
  readonly contentTypes: ReadonlySet<string>;
  /** A member's raw JSON; `undefined` when it is absent or null. */
  raw(key: string): string | undefined;
  text(key: string): string | undefined;
  flag(key: string): boolean;
  /** A whole number from 1 up. */
  count(key: string): number | undefined;
  isArray(key: string): boolean;
}

/** The members that carry content. */
const CONTENT_MEMBERS: ReadonlySet<string> = new Set([
  "content",
  "contents",
  "input",
  "inputs",
  "instances",
  "messages",
  "requests",
  "system",
  "systemInstruction",
  "system_instruction",
]);

/**
 * @param kindKeys - keys that name the kind of a part, for APIs whose parts have no `type`.
 * @returns `undefined` when the body is not a JSON object.
 */
export function openRequestBody(
  body: string,
  kindKeys?: ReadonlySet<string>,
): RequestBody | undefined {
  const members = new Map<string, string>();
  const contentTypes = new Set<string>();
  const visitor: ScanVisitor = {
    member: (key, raw) => members.set(key, raw),
    nestedType: (topKey, type) => {
      if (CONTENT_MEMBERS.has(topKey)) contentTypes.add(type);
    },
  };
  if (kindKeys !== undefined) {
    visitor.nestedKey = (topKey, key) => {
      if (kindKeys.has(key) && CONTENT_MEMBERS.has(topKey)) contentTypes.add(key);
    };
  }
  if (!scanObject(body, visitor)) return undefined;
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

/** A member that is an object, opened in its turn; `undefined` when it is none. */
export function openMember(body: RequestBody | undefined, key: string): RequestBody | undefined {
  const raw = body?.raw(key);
  return raw === undefined ? undefined : openRequestBody(raw);
}
