import type { ResponseFacts } from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  noteError,
  noteFinish,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { readProviderCost } from "../answer/provider-cost.ts";
import type { AnswerFields, StreamPart } from "../api-description.ts";
import type { AnswerSource } from "../api.ts";
import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { CHAT_USAGE_FIELDS, chatUsage } from "./openai-usage.ts";

/** What is read of both a whole answer and a chunk. */
export const CHOICES_FIELDS: AnswerFields = {
  model: "model",
  id: "id",
  finishReasons: "choices[].finish_reason",
  serviceTier: "service_tier",
  ...CHAT_USAGE_FIELDS,
};

/** Groq's and Moonshot's streams may have the counts elsewhere. */
export const OTHER_USAGE_PARTS: readonly StreamPart[] = [
  { answerAt: "x_groq", countsOnly: true },
  { answerAt: "choices[]", countsOnly: true },
];

/**
 * What chat completions and their predecessor have in common: answers are lists of choices, and a
 * chunk of one looks like a whole one.
 */
export interface ChoicesState {
  readonly draft: AnswerDraft;
  readonly provider: string | undefined;
  /** The choices seen: their indexes. */
  readonly choices: Set<number>;
}

export function createChoices(answer: AnswerSource | undefined): ChoicesState {
  return { draft: createDraft(), provider: answer?.provider, choices: new Set() };
}

/** Reads a whole answer or a chunk; what is inside a choice is for `readContent`. */
export function readChoices(
  state: ChoicesState,
  answer: JsonObject,
  readContent: (choice: JsonObject, index: number) => void,
): void {
  const { draft } = state;
  // Some gateways give each chunk an id of its own.
  if (draft.id === undefined) noteText(draft, "id", readLabel(answer, "id"));
  noteText(draft, "model", readLabel(answer, "model"));
  noteText(draft, "serviceTier", readLabel(answer, "service_tier"));
  noteError(draft, answer["error"]);
  for (const [position, choice] of readList(answer, "choices").entries()) {
    if (!isJsonObject(choice)) continue;
    const index = readIndex(choice, "index") ?? position;
    readChoiceFrame(state, choice, index);
    readContent(choice, index);
  }
  // Groq says it twice in one chunk, and older Groq streams only in `x_groq`.
  noteChatUsage(state, readUsage(answer, draft) ?? readUsage(readObject(answer, "x_groq"), draft));
}

/** A stream is over when it says so, or when nothing is missing. */
export function choicesFacts({ draft, choices }: ChoicesState): ResponseFacts {
  const everyChoiceEnded = choices.size > 0 && draft.finishReasons.size === choices.size;
  return {
    ...draftFacts(draft),
    complete: draft.doneSeen || (draft.usage !== undefined && everyChoiceEnded),
  };
}

function readChoiceFrame(state: ChoicesState, choice: JsonObject, index: number): void {
  const { draft, choices } = state;
  if (!choices.has(index)) {
    choices.add(index);
    draft.revision++;
  }
  noteFinish(draft, index, readLabel(choice, "finish_reason"));
  // Moonshot's streams have it here unless asked for it; one choice's usage is the call's then.
  if (choice["usage"] !== undefined) noteChatUsage(state, readUsage(choice, draft));
}

function noteChatUsage({ draft, provider }: ChoicesState, usage: JsonObject | undefined): void {
  readProviderCost(usage, provider, draft);
  noteUsage(draft, chatUsage(usage, provider, draft));
}
