import { toolCallPart } from "./parts.ts";
import type { ContentMessage, ContentPart } from "./message.ts";

/**
 * What a streamed answer said so far, put together again. Plain data, so that a reader can copy it, and
 * never longer than its limit.
 */
export interface AnswerContent {
  /** By the index of the choice. */
  readonly choices: Map<number, Choice>;
  /** UTF-16 code units that may still be kept. */
  charsLeft: number;
}

interface Choice {
  readonly parts: GrowingPart[];
  /** The parts that later events may add to, by what the API calls them. */
  readonly open: Map<string, GrowingPart>;
  role: string;
  finishReason: string | undefined;
}

interface GrowingPart {
  readonly type: "text" | "reasoning" | "tool_call" | "whole";
  text: string;
  truncated: boolean;
  id: string | undefined;
  name: string | undefined;
  whole: ContentPart | undefined;
}

/** What a part costs besides its text, so that a stream of empty parts ends too. */
const PART_CHARS = 64;

/** @param limitChars - UTF-16 code units that are kept of it. */
export function createAnswerContent(limitChars: number): AnswerContent {
  return { choices: new Map(), charsLeft: limitChars };
}

/** Adds to a text that comes in pieces. @param key - what tells it from the choice's other parts. */
export function addText(
  content: AnswerContent,
  choice: number,
  key: string,
  text: unknown,
  type: "text" | "reasoning" = "text",
): void {
  if (typeof text !== "string" || text === "") return;
  grow(content, openPart(content, choice, key, type), text);
}

/** Adds to the choice's last part if that is of the same type: for APIs that do not number their parts. */
export function addRun(
  content: AnswerContent,
  choice: number,
  text: unknown,
  type: "text" | "reasoning" = "text",
): void {
  const last = content.choices.get(choice)?.parts.at(-1);
  if (last?.type === type && typeof text === "string") grow(content, last, text);
  else
    addText(content, choice, `run ${content.choices.get(choice)?.parts.length ?? 0}`, text, type);
}

/** Adds to a call of a tool. Another id at the same place is another call. */
export function addToolCall(
  content: AnswerContent,
  choice: number,
  key: string,
  said: {
    readonly id: string | undefined;
    readonly name: string | undefined;
    readonly args: unknown;
  },
): void {
  closeOther(content, choice, key, said.id);
  const part = openPart(content, choice, key, "tool_call");
  if (part === undefined) return;
  part.id ??= said.id;
  part.name ??= said.name;
  const { args } = said;
  if (typeof args === "string") grow(content, part, args);
  else if (args !== undefined && args !== null) grow(content, part, JSON.stringify(args));
}

function closeOther(
  content: AnswerContent,
  choice: number,
  key: string,
  id: string | undefined,
): void {
  const open = content.choices.get(choice)?.open;
  const known = open?.get(key)?.id;
  if (id !== undefined && known !== undefined && id !== known) open?.delete(key);
}

/** Adds a part that comes whole. */
export function addPart(
  content: AnswerContent,
  choice: number,
  key: string,
  whole: ContentPart,
): void {
  const part = openPart(content, choice, key, "whole");
  if (part === undefined) return;
  part.whole = whole;
  content.charsLeft -= JSON.stringify(whole).length;
}

export function hasPart(content: AnswerContent, choice: number, key: string): boolean {
  return content.choices.get(choice)?.open.has(key) ?? false;
}

/** @returns the choice's part, a new one if there is none; `undefined` when the limit is reached. */
function openPart(
  content: AnswerContent,
  choice: number,
  key: string,
  type: GrowingPart["type"],
): GrowingPart | undefined {
  const { parts, open } = choiceOf(content, choice);
  const known = open.get(key);
  if (known !== undefined) return known;
  if (content.charsLeft <= 0) {
    const last = parts.at(-1);
    if (last !== undefined) last.truncated = true;
    return undefined;
  }
  content.charsLeft -= PART_CHARS;
  const part: GrowingPart = {
    type,
    text: "",
    truncated: false,
    id: undefined,
    name: undefined,
    whole: undefined,
  };
  parts.push(part);
  open.set(key, part);
  return part;
}

function grow(content: AnswerContent, part: GrowingPart | undefined, text: string): void {
  if (part === undefined) return;
  const kept =
    text.length <= content.charsLeft ? text : text.slice(0, Math.max(0, content.charsLeft));
  part.text += kept;
  if (kept.length < text.length) part.truncated = true;
  content.charsLeft -= kept.length;
}

const MAX_CHOICES = 128;

function choiceOf(content: AnswerContent, index: number): Choice {
  const { choices } = content;
  let choice = choices.get(index);
  if (choice === undefined) {
    choice = { role: "assistant", parts: [], open: new Map(), finishReason: undefined };
    if (choices.size < MAX_CHOICES) choices.set(index, choice);
  }
  return choice;
}

export function noteEnd(content: AnswerContent, choice: number, reason: string | undefined): void {
  if (reason !== undefined) choiceOf(content, choice).finishReason = reason;
}

/** The answer as messages, one for each choice. */
export function answerMessages({ choices }: AnswerContent): readonly ContentMessage[] {
  return [...choices]
    .toSorted(([a], [b]) => a - b)
    .map(([, { role, parts, finishReason }]) => message(role, parts.map(finished), finishReason));
}

/** A message of an answer. */
export function message(
  role: string,
  parts: readonly ContentPart[],
  finishReason: string | undefined,
): ContentMessage {
  return { role, parts, ...(finishReason === undefined ? {} : { finish_reason: finishReason }) };
}

function finished({ type, text, truncated, id, name, whole }: GrowingPart): ContentPart {
  const mark = truncated ? { truncated } : {};
  if (type === "tool_call") return { ...toolCallPart({ id, name, args: text }), ...mark };
  if (type !== "whole") return { type, content: text, ...mark };
  return { ...(whole ?? { type: "unread", kind: "" }), ...mark };
}
