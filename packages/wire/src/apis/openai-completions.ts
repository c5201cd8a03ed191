import { refusalError, type RequestFacts, type ResponseFacts } from "@tollgate/core";
import { nonsenseFacts } from "../answer/draft.ts";
import { wholeAnswer } from "../answer/whole-answer.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import { isJsonObject, textLength, type JsonObject } from "../json/read.ts";
import { listElements } from "../json/scan.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import {
  CHOICES_FIELDS,
  type ChoicesState,
  OTHER_USAGE_PARTS,
  choicesFacts,
  createChoices,
  readChoices,
} from "./openai-choices.ts";

/**
 * OpenAI's first API, which continues a text; servers of open models all speak it.
 *
 * @see https://platform.openai.com/docs/api-reference/completions
 */
export const openAiCompletions: WireApi = {
  id: "openai.completions",
  operation: "text_completion",
  provider: "openai",
  pathEnds: ["/completions"],
  acceptsPath: (path) => !OTHER_COMPLETIONS.test(path),
  about: {
    reference: "https://platform.openai.com/docs/api-reference/completions",
    answer: CHOICES_FIELDS,
    stream: [{ answerAt: "" }, ...OTHER_USAGE_PARTS],
  },
  outputCap: { members: ["max_tokens"], otherwise: 16 },
  readRequest,
  readJson,
  createStreamReader: (answer) =>
    createEventStreamReader({ ...events, createState: () => createState(answer) }),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

/** Chat completions, and what Mistral calls its other two. */
const OTHER_COMPLETIONS = /\/(?:chat|fim|agents)\/completions$/;

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openRequestBody(text);
  const model = body?.text("model") ?? modelInPath(path);
  if (!body || model === undefined || !hasPrompt(body)) return undefined;
  return {
    model,
    streaming: body.flag("stream"),
    maxOutputTokens: body.count("max_tokens"),
    choices: countPrompts(body) * choicesEach(body),
    bodyBytes: body.bytes,
    serviceTier: body.text("service_tier"),
    unboundable: undefined,
  };
}

function hasPrompt(body: RequestBody): boolean {
  return body.isArray("prompt") || body.text("prompt") !== undefined;
}

/** A list of texts, or of lists of tokens, is as many prompts; a list of tokens is one. */
function countPrompts(body: RequestBody): number {
  const prompt = body.raw("prompt") ?? "";
  return /^\[\s*["[]/.test(prompt) ? Math.max(1, listElements(prompt).length) : 1;
}

/** `best_of` answers are made and billed, and the best `n` of them sent. */
function choicesEach(body: RequestBody): number {
  return Math.max(body.count("n") ?? 1, body.count("best_of") ?? 1);
}

interface CompletionsState extends ChoicesState {
  /** Writer sends bare pieces of text, and nothing at the end. */
  isBare: boolean;
}

function createState(answer: AnswerSource | undefined): CompletionsState {
  return { ...createChoices(answer), isBare: false };
}

function readJson(value: unknown, answer?: AnswerSource): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState(answer);
  readAnswer(state, value);
  return wholeAnswer(state.draft, value, "choices");
}

const events: Omit<EventCodec<CompletionsState>, "createState"> = {
  skippedEvents: new Set(),
  compileTemplate: createTemplateCompiler({
    text: ["text", "value"],
    // Together repeats the text as the content of a chat's delta.
    ignored: ["content", "created", "id", "index", "obfuscation", "system_fingerprint", "token_id"],
  }),
  readEvent: (state, event) => {
    readAnswer(state, event);
    if (typeof event["value"] !== "string" || "choices" in event) return;
    state.draft.outputChars += textLength(event, "value");
    if (!state.isBare) {
      state.isBare = true;
      state.draft.revision++;
    }
  },
  facts: (state) => {
    const facts = choicesFacts(state);
    const isOver = facts.complete || (state.isBare && facts.errorType === undefined);
    return { ...facts, complete: isOver };
  },
};

function readAnswer(state: CompletionsState, answer: JsonObject): void {
  readChoices(state, answer, (choice) => {
    state.draft.outputChars += textLength(choice, "text");
  });
}
