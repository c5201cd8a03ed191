import {
  BUDGET_EXCEEDED_CODE,
  describeRefusal,
  refusalMarker,
  type BudgetRefusal,
  type GenAiOperation,
  type RequestFacts,
  type ResponseFacts,
  type TokenUsage,
} from "@tollgate/core";
import { readCount } from "../answer/count.ts";
import {
  createDraft,
  draftFacts,
  nonsenseFacts,
  noteComplete,
  noteError,
  noteFinish,
  noteProblem,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { ApiDescription } from "../api-description.ts";
import type { WireApi } from "../api.ts";
import {
  isJsonObject,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import { openMember, openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { createTemplateCompiler } from "../sse/event-template.ts";
import type { EventCodec } from "../sse/stream-reader.ts";
import { createJsonStreamReader } from "../stream/json-stream-reader.ts";

const ABOUT: ApiDescription = {
  reference: "https://docs.ollama.com/api",
  answer: {
    model: "model",
    finishReasons: "done_reason",
    toolCalls: "message.tool_calls[].function.name",
    inputTokens: "prompt_eval_count",
    outputTokens: "eval_count",
  },
  stream: [{ answerAt: "" }],
  notes: ["Counts are read where `done` is true; one that is left out beside the other is zero."],
  limits: [
    "What runs on one's own machine has no price.",
    "Servers leave a prompt out of the count that their cache served.",
  ],
};

/**
 * Ollama's own API, on whatever host it runs: streams are lines of JSON and the default.
 *
 * @see https://docs.ollama.com/api
 */
export const ollamaChat: WireApi = generatingApi("chat", "/api/chat", (body) =>
  body.isArray("messages"),
);
export const ollamaGenerate: WireApi = generatingApi(
  "text_completion",
  "/api/generate",
  (body) => body.text("prompt") !== undefined,
);

export const ollamaEmbeddings: WireApi = createSingleAnswerApi({
  id: "ollama.embeddings",
  operation: "embeddings",
  provider: "ollama",
  hasCommonPath: true,
  about: {
    reference: "https://docs.ollama.com/api/embed",
    answer: { model: "model", inputTokens: "prompt_eval_count", outputTokens: "0" },
    limits: [
      "What runs on one's own machine has no price.",
      "`/api/embeddings` counts nothing; it is estimated.",
    ],
  },
  pathEnds: ["/api/embed", "/api/embeddings"],
  readRequest: (text) =>
    readPlainRequest(text, {
      isOne: (body) =>
        body.text("model") !== undefined &&
        (body.raw("input") !== undefined || body.raw("prompt") !== undefined),
      model: (body) => body.text("model"),
    }),
  readAnswer: (draft, answer) => {
    noteText(draft, "model", readLabel(answer, "model"));
    const inputTokens = readCount(answer, "prompt_eval_count", draft);
    if (inputTokens !== undefined) noteUsage(draft, { inputTokens, outputTokens: 0 });
  },
  refusalBody,
});

function generatingApi(
  operation: GenAiOperation,
  path: string,
  isOne: (body: RequestBody) => boolean,
): WireApi {
  return {
    id: path === "/api/chat" ? "ollama.chat" : "ollama.generate",
    operation,
    provider: "ollama",
    hasCommonPath: true,
    about: ABOUT,
    pathEnds: [path],
    outputCap: { members: ["options.num_predict"] },
    readRequest: (text) => readRequest(text, isOne),
    readJson,
    // Ollama's cloud sends streams as `application/json`; a whole answer reads like a stream of one.
    isStream: () => true,
    createStreamReader: () => createJsonStreamReader(lines),
    refusalBody,
  };
}

/** Its errors are one text, and its client keeps nothing else. */
function refusalBody(refusal: BudgetRefusal): object {
  const marker = JSON.stringify(refusalMarker(refusal));
  return { error: `${describeRefusal(refusal)} (${BUDGET_EXCEEDED_CODE}) ${marker}` };
}

/** Parts of messages and of a generation that are not text. */
const MEDIA_KEYS: ReadonlySet<string> = new Set(["images"]);

function readRequest(
  text: string | undefined,
  isOne: (body: RequestBody) => boolean,
): RequestFacts | undefined {
  if (text === undefined) return { ...unreadRequest(), streaming: true };
  const body = openRequestBody(text, MEDIA_KEYS);
  const model = body?.text("model");
  if (!body || model === undefined || !isOne(body)) return undefined;
  const images = "the prompt holds content that is not text: images";
  return {
    model,
    streaming: body.raw("stream") !== "false",
    maxOutputTokens: openMember(body, "options")?.count("num_predict"),
    choices: 1,
    bodyBytes: body.bytes,
    serviceTier: undefined,
    unboundable: unboundableContent(body, MEDIA_KEYS) ?? unboundableMember(body, { images }),
  };
}

interface OllamaState {
  readonly draft: AnswerDraft;
}

function readJson(value: unknown): ResponseFacts {
  if (!isJsonObject(value)) return nonsenseFacts();
  const draft = createDraft();
  readLine(draft, value);
  if (value["done"] !== true && draft.errorType === undefined) {
    noteProblem(draft, "the answer has neither an end nor an error");
  }
  draft.complete = true;
  return draftFacts(draft);
}

const lines: EventCodec<OllamaState> = {
  createState: () => ({ draft: createDraft() }),
  skippedEvents: new Set(),
  compileTemplate: createTemplateCompiler({
    text: ["content", "thinking", "response"],
    ignored: ["created_at"],
  }),
  readEvent: ({ draft }, line) => readLine(draft, line),
  facts: ({ draft }) => draftFacts(draft),
};

/** A whole answer and a line of a stream look alike. */
function readLine(draft: AnswerDraft, line: JsonObject): void {
  noteText(draft, "model", readLabel(line, "model"));
  noteError(draft, line["error"]);
  const message = readObject(line, "message");
  draft.outputChars +=
    textLength(line, "response") + textLength(line, "thinking") + messageLength(message);
  for (const call of readList(message, "tool_calls")) {
    if (isJsonObject(call)) readToolCall(draft, readObject(call, "function"));
  }
  if (line["done"] !== true) return;
  noteFinish(draft, 0, readLabel(line, "done_reason"));
  noteUsage(draft, readCounts(line, draft));
  noteComplete(draft);
}

function messageLength(message: JsonObject | undefined): number {
  return textLength(message, "content") + textLength(message, "thinking");
}

function readToolCall(draft: AnswerDraft, called: JsonObject | undefined): void {
  noteToolCall(draft, readLabel(called, "name"));
  const args = called?.["arguments"];
  if (args !== undefined) draft.outputChars += JSON.stringify(args).length;
  draft.revision++;
}

/**
 * A count of zero is left out: servers that keep the prompt in their cache evaluate none of it. Both
 * left out mean that nothing was counted, as when a model is only loaded.
 */
function readCounts(line: JsonObject, draft: AnswerDraft): TokenUsage | undefined {
  const said = ["prompt_eval_count", "eval_count"].some((key) => line[key] !== undefined);
  if (!said) return undefined;
  const read = (key: string): number | undefined =>
    line[key] === undefined ? 0 : readCount(line, key, draft);
  return { inputTokens: read("prompt_eval_count"), outputTokens: read("eval_count") };
}
