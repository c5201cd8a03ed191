import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
  type RequestFacts,
  type ResponseFacts,
} from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteError,
  noteFinish,
  noteProblem,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { WireApi } from "../api.ts";
import { isJsonObject, readLabel, readList, textLength, type JsonObject } from "../json/read.ts";
import { openMember, openRequestBody } from "../request/request-body.ts";
import { unboundableMember } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";

const STREAM_PATHS = ["/text/generation_stream", "/generation/text_stream"];

/**
 * Text generation of IBM watsonx.ai; the older paths are those of its beta.
 *
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#text-generation
 */
export const watsonxGenerate: WireApi = {
  id: "watsonx.generate",
  operation: "text_completion",
  provider: "ibm.watsonx.ai",
  pathEnds: [...STREAM_PATHS, "/text/generation", "/generation/text"],
  about: {
    reference: "https://cloud.ibm.com/apidocs/watsonx-ai#text-generation",
    answer: {
      model: "model_id",
      finishReasons: "results[].stop_reason",
      inputTokens: "results[].input_token_count",
      outputTokens: "results[].generated_token_count",
    },
    stream: [{ answerAt: "" }],
    notes: ["A stream counts all so far with each event; the largest count stands."],
    limits: ["`/ml/v1/text/chat` is not read."],
  },
  acceptsPath: (path) => path.includes("/ml/v1"),
  outputCap: { members: ["parameters.max_new_tokens"], otherwise: 20 },
  readRequest,
  readJson,
  createStreamReader: () => createEventStreamReader(events),
  refusalBody,
};

function refusalBody(refusal: BudgetRefusal): object {
  const error = {
    code: BUDGET_EXCEEDED_CODE,
    message: describeRefusal(refusal),
    tollgate: refusalMarker(refusal),
  };
  return { errors: [error], status_code: 402 };
}

function readRequest(text: string | undefined, path?: string): RequestFacts | undefined {
  const streaming = STREAM_PATHS.some((end) => path?.endsWith(end));
  if (text === undefined) return { ...unreadRequest(), streaming };
  const body = openRequestBody(text);
  if (!body || body.text("input") === undefined) return undefined;
  return {
    model: body.text("model_id"),
    streaming,
    maxOutputTokens: openMember(body, "parameters")?.count("max_new_tokens"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: unboundableMember(openMember(body, "parameters") ?? body, {
      prompt_variables: "the provider keeps the prompt",
    }),
  };
}

interface GenerateState {
  readonly draft: AnswerDraft;
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  readAnswer(draft, value);
  if (!Array.isArray(value["results"]) && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither results nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const events: EventCodec<GenerateState> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(),
  // Each event counts anew, so that none is like another.
  compileTemplate: createTemplateCompiler({ text: ["generated_text"], ignored: ["created_at"] }),
  readEvent: ({ draft }, event) => readAnswer(draft, event),
  facts: ({ draft }) => draftFacts(draft),
};

/** A whole answer and an event of a stream look alike. */
function readAnswer(draft: AnswerDraft, answer: JsonObject): void {
  noteText(draft, "model", readLabel(answer, "model_id"));
  for (const error of readList(answer, "errors")) noteError(draft, error);
  for (const [index, result] of readList(answer, "results").entries()) {
    if (!isJsonObject(result)) continue;
    draft.outputChars += textLength(result, "generated_text");
    const reason = readLabel(result, "stop_reason");
    if (reason !== undefined && reason !== "not_finished") {
      noteFinish(draft, index, reason);
      draft.complete = true;
    }
    addCounts(draft, result);
  }
}

/** In a stream the input is counted by the first event and the output by each, all so far. */
function addCounts(draft: AnswerDraft, result: JsonObject): void {
  const input = readCount(result, "input_token_count", draft);
  const output = readCount(result, "generated_token_count", draft);
  if (input === undefined && output === undefined) return;
  noteUsage(draft, {
    inputTokens: larger(draft.usage?.inputTokens, input),
    outputTokens: larger(draft.usage?.outputTokens, output),
  });
}

function larger(known: number | undefined, said: number | undefined): number | undefined {
  if (known === undefined || said === undefined) return known ?? said;
  return Math.max(known, said);
}
