import type { ModelUsage, ResponseFacts, TokenUsage } from "@tollgate/core";
import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";

/**
 * What has been read of an answer so far. Plain data, so that a reader can copy it.
 *
 * Everything but text is written through the `note` functions: `revision` then tells a reader
 * whether an event said anything besides text.
 */
export interface AnswerDraft {
  model: string | undefined;
  id: string | undefined;
  serviceTier: string | undefined;
  speed: string | undefined;
  region: string | undefined;
  errorType: string | undefined;
  /** Whole nano-USD. */
  providerCostNanoUsd: number | undefined;
  usage: TokenUsage | undefined;
  additionalUsage: readonly ModelUsage[];
  /** By the index of the choice. */
  readonly finishReasons: Map<number, string>;
  readonly toolCalls: string[];
  outputChars: number;
  complete: boolean;
  /** `data: [DONE]` was seen. */
  doneSeen: boolean;
  readonly problems: string[];
  revision: number;
}

const MAX_PROBLEMS = 10;

export function createDraft(): AnswerDraft {
  return {
    model: undefined,
    id: undefined,
    serviceTier: undefined,
    speed: undefined,
    region: undefined,
    errorType: undefined,
    providerCostNanoUsd: undefined,
    usage: undefined,
    additionalUsage: [],
    finishReasons: new Map(),
    toolCalls: [],
    outputChars: 0,
    complete: false,
    doneSeen: false,
    problems: [],
    revision: 0,
  };
}

/** A later value replaces an earlier one; silence does not. */
export function noteText(
  draft: AnswerDraft,
  key: "model" | "id" | "serviceTier" | "speed" | "region" | "errorType",
  value: string | undefined,
): void {
  if (value === undefined || draft[key] === value) return;
  draft[key] = value;
  draft.revision++;
}

export function noteUsage(draft: AnswerDraft, usage: TokenUsage | undefined): void {
  if (usage === undefined) return;
  draft.usage = usage;
  draft.revision++;
}

export function noteProviderCost(draft: AnswerDraft, nanoUsd: number | undefined): void {
  if (nanoUsd === undefined) return;
  draft.providerCostNanoUsd = nanoUsd;
  draft.revision++;
}

export function noteFinish(draft: AnswerDraft, choice: number, reason: string | undefined): void {
  if (reason === undefined) return;
  draft.finishReasons.set(choice, reason);
  draft.revision++;
}

export function noteToolCall(draft: AnswerDraft, name: string | undefined): void {
  if (name === undefined) return;
  draft.toolCalls.push(name);
  draft.revision++;
}

export function noteComplete(draft: AnswerDraft): void {
  draft.complete = true;
  draft.revision++;
}

/** Says what is wrong once, however often it happens. */
export function noteProblem(draft: AnswerDraft, problem: string): void {
  draft.revision++;
  if (draft.problems.length < MAX_PROBLEMS && !draft.problems.includes(problem)) {
    draft.problems.push(problem);
  }
}

/** The `error` member of an answer or event, an object or a plain message. */
export function noteError(draft: AnswerDraft, error: unknown): void {
  if (error === undefined || error === null) return;
  noteText(draft, "errorType", isJsonObject(error) ? errorLabel(error) : "error");
}

/**
 * `code` says more than `type` where there is one (a rate limit's type is only "tokens"); Google's
 * is a number that repeats the HTTP status, and its `status` is the name of it.
 */
function errorLabel(error: JsonObject): string {
  const code = error["code"];
  return (
    readLabel(error, "code") ??
    readLabel(error, "type") ??
    readLabel(error, "status") ??
    (typeof code === "number" ? String(code) : "error")
  );
}

export function draftFacts(draft: AnswerDraft): ResponseFacts {
  const reasons = [...draft.finishReasons].toSorted(([a], [b]) => a - b);
  return {
    model: draft.model,
    id: draft.id,
    usage: draft.usage,
    additionalUsage: [...draft.additionalUsage],
    finishReasons: reasons.map(([, reason]) => reason),
    toolCalls: [...draft.toolCalls],
    serviceTier: draft.serviceTier,
    speed: draft.speed,
    region: draft.region,
    providerCostNanoUsd: draft.providerCostNanoUsd,
    errorType: draft.errorType,
    complete: draft.complete,
    outputChars: draft.outputChars,
    problems: [...draft.problems],
  };
}

/** What is known of a body that is no JSON object: a proxy's HTML, an empty body, a bare string. */
export function nonsenseFacts(): ResponseFacts {
  const draft = createDraft();
  noteProblem(draft, "the answer is not a JSON object");
  return draftFacts(draft);
}
