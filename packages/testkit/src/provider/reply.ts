import { randomBytes } from "node:crypto";
import type { TokenUsage } from "@tollgate/core";
import type { Asked } from "./asked.ts";
import { asObject, type RecordedRequest } from "./recorded-request.ts";
import type { ReplyScript } from "./script.ts";

const CHARS_PER_TOKEN = 4;
const DEFAULT_TEXT = "The fake provider has read this and has nothing to add.";
const ARGUMENT_PIECE_CHARS = 8;

/** Every count a provider reports, decided. */
export type ReplyUsage = {
  readonly [Key in "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens"]: number;
} & TokenUsage;

export interface ReplyToolCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly argumentsText: string;
  readonly pieces: readonly string[];
}

/** A script applied to a request: what is said, before any wire format. */
export interface Reply {
  /** Random; the answer's id without the API's prefix. */
  readonly id: string;
  readonly request: RecordedRequest;
  readonly script: ReplyScript;
  readonly createdAtSeconds: number;
  readonly model: string;
  readonly streaming: boolean;
  /** `undefined` when the answer is tool calls only. */
  readonly text: string | undefined;
  readonly pieces: readonly string[];
  readonly reasoning: string | undefined;
  readonly toolCalls: readonly ReplyToolCall[];
  /** `undefined` when the script leaves it out. */
  readonly usage: ReplyUsage | undefined;
  /** Whether the request's limit on output cut the text. */
  readonly truncated: boolean;
}

/** @throws RangeError when the script's counts contradict each other. */
export function planReply(
  script: ReplyScript,
  request: RecordedRequest,
  asked: Asked,
  nowMs: number,
): Reply {
  const { body } = request;
  const toolCalls = (script.toolCalls ?? []).map(planToolCall);
  const spoken = planText(script, asked.outputLimitTokens);
  const outChars = toolCalls.reduce((sum, call) => sum + call.argumentsText.length, 0);
  return {
    id: freshId(""),
    request,
    script,
    createdAtSeconds: Math.floor(nowMs / 1000),
    model: script.model ?? asked.model,
    streaming: asked.streaming,
    ...spoken,
    reasoning: planReasoning(script),
    toolCalls,
    usage: script.usageAbsent
      ? undefined
      : planUsage(script.usage ?? {}, inputChars(body), outChars + (spoken.text?.length ?? 0)),
  };
}

/** A fresh id such as providers give: a prefix and random characters. */
export function freshId(prefix: string): string {
  return `${prefix}${randomBytes(12).toString("hex")}`;
}

function planToolCall(call: NonNullable<ReplyScript["toolCalls"]>[number]): ReplyToolCall {
  const argumentsText = JSON.stringify(call.arguments ?? {});
  const pieces: string[] = [];
  for (let start = 0; start < argumentsText.length; start += ARGUMENT_PIECE_CHARS) {
    pieces.push(argumentsText.slice(start, start + ARGUMENT_PIECE_CHARS));
  }
  return {
    id: call.id,
    name: call.name,
    arguments: call.arguments ?? {},
    argumentsText,
    pieces,
  };
}

function planText(
  script: ReplyScript,
  limitTokens: number,
): Pick<Reply, "text" | "pieces" | "truncated"> {
  const whole = textPieces(script);
  if (!whole) return { text: undefined, pieces: [], truncated: false };
  const obeys = script.usage?.outputTokens === undefined;
  const pieces = obeys ? cut(whole, limitTokens) : whole;
  const text = pieces.join("");
  return { text, pieces, truncated: text.length < whole.join("").length };
}

/** Reasoning that is billed is also shown, as far as the API shows any. */
function planReasoning({ reasoning, usage }: ReplyScript): string | undefined {
  return reasoning ?? (usage?.reasoningTokens ? "Weighing what was asked." : undefined);
}

function textPieces(script: ReplyScript): readonly string[] | undefined {
  if (script.chunks) return script.chunks;
  const text = script.text ?? (script.toolCalls?.length ? undefined : DEFAULT_TEXT);
  return text === undefined ? undefined : (text.match(/\s*\S+(?:\s+$)?|\s+/g) ?? []);
}

/** Obeys the request's limit on output, as a provider does. */
function cut(pieces: readonly string[], limitTokens: number): readonly string[] {
  let leftChars = limitTokens * CHARS_PER_TOKEN;
  const kept: string[] = [];
  for (const piece of pieces) {
    if (leftChars <= 0) break;
    kept.push(piece.slice(0, leftChars));
    leftChars -= piece.length;
  }
  return kept;
}

function inputChars(body: RecordedRequest["body"]): number {
  const parts = [
    body["messages"],
    body["input"],
    body["contents"],
    body["system"],
    body["systemInstruction"],
    body["instructions"],
    body["tools"],
  ];
  return parts.reduce<number>((sum, part) => sum + textLength(part), 0);
}

/** Characters of all strings inside, keys left out. */
function textLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  const inner = Array.isArray(value) ? value : Object.values(asObject(value));
  return inner.reduce<number>((sum, part) => sum + textLength(part), 0);
}

function tokens(chars: number): number {
  return Math.max(1, Math.ceil(chars / CHARS_PER_TOKEN));
}

function planUsage(scripted: Partial<TokenUsage>, inChars: number, outChars: number): ReplyUsage {
  const cacheReadTokens = scripted.cacheReadTokens ?? 0;
  const cacheWriteTokens = scripted.cacheWriteTokens ?? scripted.cacheWrite1hTokens ?? 0;
  const cachedTokens = cacheReadTokens + cacheWriteTokens;
  const usage = {
    ...scripted,
    inputTokens: scripted.inputTokens ?? cachedTokens + tokens(inChars),
    outputTokens: scripted.outputTokens ?? (scripted.reasoningTokens ?? 0) + tokens(outChars),
    cacheReadTokens,
    cacheWriteTokens,
  };
  if (cachedTokens > usage.inputTokens) {
    throw new RangeError(
      `usage.inputTokens (${usage.inputTokens}) is all input and cannot be less than cacheReadTokens + cacheWriteTokens (${cachedTokens})`,
    );
  }
  if ((scripted.cacheWrite1hTokens ?? 0) > cacheWriteTokens) {
    throw new RangeError(
      "usage.cacheWrite1hTokens is part of cacheWriteTokens and cannot exceed it",
    );
  }
  return usage;
}
