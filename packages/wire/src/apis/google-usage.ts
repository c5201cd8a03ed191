import type { TokenUsage } from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import type { AnswerDraft } from "../answer/draft.ts";
import type { AnswerFields } from "../api-description.ts";
import { isJsonObject, readList, type JsonObject } from "../json/read.ts";

/** Gemini's two APIs count alike under different names. */
export interface GoogleUsageNames {
  readonly prompt: string;
  readonly toolUse: string;
  readonly answer: string;
  readonly thoughts: string;
  readonly cached: string;
  /** Lists of `{ modality, [tokens] }`. */
  readonly inputModalities: readonly string[];
  readonly outputModalities: readonly string[];
  readonly tokens: string;
}

/** What {@link googleUsage} reads of a member of an answer. */
export function googleUsageFields(member: string, names: GoogleUsageNames): AnswerFields {
  const count = (name: string): string => `${member}.${name}`;
  const sum = (lists: readonly string[], modality: string): string =>
    lists.map((list) => count(`${list}[modality=${modality}].${names.tokens}`)).join(" + ");
  return {
    inputTokens: `${count(names.prompt)} + toolUseInputTokens`,
    outputTokens: `${count(names.answer)} + reasoningTokens`,
    cacheReadTokens: count(names.cached),
    reasoningTokens: count(names.thoughts),
    toolUseInputTokens: count(names.toolUse),
    audioInputTokens: sum(names.inputModalities, "AUDIO"),
    imageInputTokens: sum(names.inputModalities, "IMAGE"),
    videoInputTokens: sum(names.inputModalities, "VIDEO"),
    audioOutputTokens: sum(names.outputModalities, "AUDIO"),
    imageOutputTokens: sum(names.outputModalities, "IMAGE"),
  };
}

/**
 * Gemini's counts in our convention: its prompt holds what the cache served, but not what its own
 * tools brought in; its answer leaves out the thoughts.
 *
 * Counts that are zero are left out of the JSON, as Protocol Buffers do.
 *
 * @see https://ai.google.dev/api/generate-content#UsageMetadata
 * @returns `undefined` when it counts neither input nor output.
 */
export function googleUsage(
  usage: JsonObject | undefined,
  names: GoogleUsageNames,
  draft: AnswerDraft,
): TokenUsage | undefined {
  if (usage === undefined || !COUNTS.some((count) => usage[names[count]] !== undefined)) {
    return undefined;
  }
  const read = (count: (typeof COUNTS)[number]): number | undefined =>
    usage[names[count]] === undefined ? 0 : readCount(usage, names[count], draft);
  const input = sumModalities(usage, names.inputModalities, names, draft);
  const output = sumModalities(usage, names.outputModalities, names, draft);
  return {
    inputTokens: add(read("prompt"), read("toolUse")),
    outputTokens: add(read("answer"), read("thoughts")),
    cacheReadTokens: readCount(usage, names.cached, draft),
    reasoningTokens: readCount(usage, names.thoughts, draft),
    toolUseInputTokens: readCount(usage, names.toolUse, draft),
    audioInputTokens: input.get("AUDIO"),
    imageInputTokens: input.get("IMAGE"),
    videoInputTokens: input.get("VIDEO"),
    audioOutputTokens: output.get("AUDIO"),
    imageOutputTokens: output.get("IMAGE"),
  };
}

const COUNTS = ["prompt", "toolUse", "answer", "thoughts"] as const;

/** What is only known in part is not known. */
function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function sumModalities(
  usage: JsonObject,
  lists: readonly string[],
  names: GoogleUsageNames,
  draft: AnswerDraft,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const part of lists.flatMap((list) => readList(usage, list))) {
    if (!isJsonObject(part)) continue;
    const modality = part["modality"];
    const tokens = readCount(part, names.tokens, draft);
    if (typeof modality !== "string" || tokens === undefined) continue;
    const name = modality.toUpperCase();
    sums.set(name, (sums.get(name) ?? 0) + tokens);
  }
  return sums;
}

/**
 * Grounded answers are billed by the prompt up to Gemini 2.5, by the query from Gemini 3 on.
 *
 * @param queries - how many different queries went to the search.
 * @see https://ai.google.dev/gemini-api/docs/pricing
 */
export function billedSearches(model: string | undefined, queries: number): number | undefined {
  if (queries === 0) return undefined;
  return model !== undefined && /^gemini-[012]\b/.test(model) ? 1 : queries;
}
