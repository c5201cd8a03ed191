import { scanObject, unquote } from "../json/scan.ts";

/** The top level of one event, unparsed: most events are a few hundred milliseconds of sound. */
export interface RealtimeEvent {
  /** Empty when the event names none. */
  readonly type: string;
  /** A text member; `undefined` when it is absent or no text. */
  text(key: string): string | undefined;
  /** Characters of a member's JSON, without the quotes of a text; 0 when it is absent. */
  length(key: string): number;
  raw(key: string): string | undefined;
}

/** @returns `undefined` when the text is not a JSON object. */
export function openRealtimeEvent(json: string): RealtimeEvent | undefined {
  const members = new Map<string, string>();
  if (!scanObject(json, { member: (key, raw) => members.set(key, raw) })) return undefined;
  const text = (key: string): string | undefined => unquote(members.get(key) ?? "");
  return {
    type: text("type") ?? "",
    text,
    length: (key) => Math.max(0, (members.get(key)?.length ?? 0) - 2),
    raw: (key) => members.get(key),
  };
}
