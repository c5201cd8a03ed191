import {
  refusalError,
  type RequestFacts,
  type ResponseFacts,
  type TokenUsage,
} from "@tollgate/core";
import { readUsage } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { readProviderCost } from "../answer/provider-cost.ts";
import { wholeAnswer } from "../answer/whole-answer.ts";
import type { AnswerSource, WireApi } from "../api.ts";
import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";
import { openFormBody } from "../request/form-body.ts";
import { modelInPath } from "../request/model-in-path.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { RESPONSES_USAGE_FIELDS, RESPONSES_USAGE_NAMES, openAiUsage } from "./openai-usage.ts";

/**
 * OpenAI's images: generated, edited, varied. Models since gpt-image-1 count tokens; the ones before
 * cost by image, size and quality, of which no answer speaks.
 *
 * @see https://platform.openai.com/docs/api-reference/images
 */
export const openAiImages: WireApi = {
  id: "openai.images",
  operation: "image_generation",
  provider: "openai",
  pathEnds: ["/images/generations", "/images/edits", "/images/variations"],
  about: {
    reference: "https://platform.openai.com/docs/api-reference/images",
    answer: {
      ...RESPONSES_USAGE_FIELDS,
      model: "model",
      imageOutputTokens: "usage.output_tokens_details.image_tokens | outputTokens",
    },
    stream: [
      { event: "image_generation.completed", answerAt: "" },
      { event: "image_edit.completed", answerAt: "" },
    ],
    limits: [
      "Models that bill by image, size and quality (DALL·E) count nothing and have no cost.",
    ],
  },
  readRequest,
  readJson,
  createStreamReader: (answer) =>
    createEventStreamReader({ ...events, createState: () => createState(answer) }),
  refusalBody: (refusal) => ({ error: refusalError(refusal) }),
};

/** Edits and variations are forms with files; a prompt or a file is the least that all have. */
function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  if (text === undefined) return unreadRequest(path);
  const body = openFormBody(text);
  if (!body || (!text.startsWith("--") && body.text("prompt") === undefined)) return undefined;
  return {
    model: body.text("model") ?? modelInPath(path),
    streaming: body.flag("stream"),
    maxOutputTokens: undefined,
    choices: body.count("n") ?? 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: "the tokens of images do not show in the request",
  };
}

interface ImagesState {
  readonly draft: AnswerDraft;
  readonly provider: string | undefined;
}

function createState(answer: AnswerSource | undefined): ImagesState {
  return { draft: createDraft(), provider: answer?.provider };
}

function readJson(value: unknown, answer?: AnswerSource): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const state = createState(answer);
  readAnswer(state, value);
  return wholeAnswer(state.draft, value, "data");
}

const events: Omit<EventCodec<ImagesState>, "createState"> = {
  skippedEvents: new Set(["image_generation.partial_image", "image_edit.partial_image"]),
  compileTemplate: createTemplateCompiler({ text: [], ignored: [] }),
  readEvent: (state, event, name) => {
    readAnswer(state, event);
    if ((readLabel(event, "type") ?? name)?.endsWith(".completed")) noteComplete(state.draft);
  },
  facts: ({ draft }) => draftFacts(draft),
};

function readAnswer({ draft, provider }: ImagesState, answer: JsonObject): void {
  noteText(draft, "model", readLabel(answer, "model"));
  noteError(draft, answer["error"]);
  const usage = readUsage(answer, draft);
  readProviderCost(usage, provider, draft);
  noteUsage(draft, imageUsage(openAiUsage(usage, RESPONSES_USAGE_NAMES, draft)));
}

/** Models that write no text beside their images do not say that all output is image. */
function imageUsage(usage: TokenUsage | undefined): TokenUsage | undefined {
  return usage && { ...usage, imageOutputTokens: usage.imageOutputTokens ?? usage.outputTokens };
}
