import { scanObject } from "../json/scan.ts";

/** A member's value within a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A JSON object whose members can be found and replaced without touching any other byte. */
export interface MemberText {
  readonly text: string;
  /** Below the top level a member is looked for where its path leads. */
  readonly top: Members;
}

type Members = ReadonlyMap<string, readonly Span[]>;

/** @returns `undefined` when the text is not a JSON object. */
export function openMembers(text: string): MemberText | undefined {
  const top = membersWithin(text, { start: 0, end: text.length });
  return top && { text, top };
}

/** The values at a path; several where a name stands twice. */
export function findMember({ text, top }: MemberText, path: string): readonly Span[] {
  const [first = "", ...rest] = path.split(".");
  return rest.reduce<readonly Span[]>(
    (spans, name) => spans.flatMap((span) => membersWithin(text, span)?.get(name) ?? []),
    top.get(first) ?? [],
  );
}

/**
 * The text with one member more, in front of the others; what its path goes through is made where it is absent
 * or null.
 *
 * @returns `undefined` when the path goes through something else.
 */
export function addMember(members: MemberText, path: string, json: string): string | undefined {
  const { text } = members;
  const at = path.lastIndexOf(".");
  const member = `${JSON.stringify(path.slice(at + 1))}:${json}`;
  if (at < 0) return insertFirst(text, { start: 0, end: text.length }, member);
  const holderPath = path.slice(0, at);
  const [holder, second] = findMember(members, holderPath);
  if (second !== undefined) return undefined;
  if (holder === undefined) return addMember(members, holderPath, `{${member}}`);
  if (rawAt(text, holder) === "null") return replaceAt(text, holder, `{${member}}`);
  return insertFirst(text, holder, member);
}

export function rawAt(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

export function replaceAt(text: string, { start, end }: Span, json: string): string {
  return text.slice(0, start) + json + text.slice(end);
}

function membersWithin(text: string, { start, end }: Span): Members | undefined {
  const members = new Map<string, Span[]>();
  const isObject = scanObject(text.slice(start, end), {
    member(key, raw, at) {
      const span = { start: start + at, end: start + at + raw.length };
      members.set(key, [...(members.get(key) ?? []), span]);
    },
  });
  return isObject ? members : undefined;
}

function insertFirst(text: string, span: Span, member: string): string | undefined {
  const members = membersWithin(text, span);
  if (members === undefined) return undefined;
  const at = text.indexOf("{", span.start) + 1;
  return `${text.slice(0, at)}${member}${members.size === 0 ? "" : ","}${text.slice(at)}`;
}
