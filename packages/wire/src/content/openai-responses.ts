import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { addPart, addText, addToolCall, hasPart, message, noteEnd } from "./answer-content.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart, ToolDefinition } from "./message.ts";
import { readFile, responseOf } from "./openai-chat.ts";
import {
  blobPart,
  byType,
  filePart,
  functionDefinition,
  mediaPart,
  readContent,
  serverToolDefinition,
  textParts,
  toolCallPart,
  unreadPart,
  type ReadPart,
} from "./parts.ts";

/** OpenAI's Responses. */
export const responsesContent: ContentApi = {
  framing: "events",
  readRequest: (body) => ({
    systemInstructions: readContent(body["instructions"], readPart),
    inputMessages: readInput(body["input"]),
    toolDefinitions: readList(body, "tools").filter(isJsonObject).flatMap(readTool),
  }),
  readAnswer: (answer) => [readResponse(answer)],
  readEvent(content, event, name) {
    const type = readLabel(event, "type") ?? name ?? "";
    if (ENDS.has(type)) readEnd(content, readObject(event, "response"));
    else if (type === "response.output_item.added") readAdded(content, event);
    else if (type === "response.output_item.done") readDone(content, event);
    else if (type.endsWith(".delta")) readDelta(content, event, type);
  },
};

const ENDS: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

function readInput(input: unknown): readonly ContentMessage[] {
  if (typeof input === "string") return [{ role: "user", parts: textParts("text", input) }];
  const items: readonly unknown[] = Array.isArray(input) ? input : [];
  return items.filter(isJsonObject).map((item) => ({
    role: readLabel(item, "role") ?? (isOutput(item) ? "tool" : "assistant"),
    parts: readItem(item),
  }));
}

function isOutput(item: JsonObject): boolean {
  return readLabel(item, "type")?.endsWith("_output") === true;
}

function readResponse(response: JsonObject): ContentMessage {
  const parts = readList(response, "output").filter(isJsonObject).flatMap(readItem);
  return message("assistant", parts, reasonOf(response));
}

function reasonOf(response: JsonObject): string | undefined {
  return (
    readLabel(readObject(response, "incomplete_details"), "reason") ?? readLabel(response, "status")
  );
}

/** An item of an input or of an output. */
function readItem(item: JsonObject): readonly ContentPart[] {
  const type = readLabel(item, "type") ?? "message";
  const read = Object.hasOwn(ITEMS, type) ? ITEMS[type] : undefined;
  if (read !== undefined) return read(item);
  if (isOutput(item)) return [readCallOutput(item)];
  return type.endsWith("_call") ? [readServerCall(type, item)] : [unreadPart(type)];
}

const ITEMS: Readonly<Record<string, (item: JsonObject) => readonly ContentPart[]>> = {
  message: (item) => readContent(item["content"], readPart),
  function_call: (item) => [readCall(item, item["arguments"])],
  custom_tool_call: (item) => [readCall(item, item["input"])],
  reasoning: (item) => [
    ...readContent(item["summary"] ?? [], readReasoning),
    ...readContent(item["content"] ?? [], readReasoning),
  ],
};

function readCall(item: JsonObject, args: unknown): ContentPart {
  return toolCallPart({ id: readLabel(item, "call_id"), name: readLabel(item, "name"), args });
}

function readCallOutput(item: JsonObject): ContentPart {
  const { output } = item;
  const response = Array.isArray(output) ? responseOf(readContent(output, readPart)) : output;
  const isText = typeof response === "string" || Array.isArray(response);
  return {
    type: "tool_call_response",
    id: readLabel(item, "call_id"),
    // Screenshots and the like are objects with media in them.
    response: isText ? response : [unreadPart(readLabel(item, "type") ?? "")],
  };
}

/** A tool that OpenAI runs: what it was asked, not what it found. */
function readServerCall(type: string, item: JsonObject): ContentPart {
  const asked = item["action"] ?? item["arguments"] ?? item["queries"] ?? item["code"];
  return {
    type: "server_tool_call",
    id: readLabel(item, "id"),
    name: readLabel(item, "name") ?? type,
    server_tool_call: { type, ...(asked === undefined ? {} : { arguments: asked }) },
  };
}

const readReasoning: ReadPart = (part) => textParts("reasoning", part["text"]);

const readPart: ReadPart = (part) => byType(PARTS, part);

const readText: ReadPart = (part) => textParts("text", part["text"]);
const PARTS: Readonly<Record<string, ReadPart>> = {
  text: readText,
  input_text: readText,
  output_text: readText,
  refusal: (part) => textParts("text", part["refusal"]),
  input_image: (part) =>
    part["file_id"] === undefined || part["file_id"] === null
      ? mediaPart(part["image_url"], "image")
      : filePart(part["file_id"], "image"),
  input_file: (part) =>
    part["file_url"] === undefined ? readFile(part) : mediaPart(part["file_url"], "document"),
  input_audio: (part) => blobPart(readObject(part, "input_audio")?.["data"], undefined, "audio"),
};

function readTool(tool: JsonObject): readonly ToolDefinition[] {
  const type = readLabel(tool, "type") ?? "";
  if (type === "function") return functionDefinition(tool);
  return serverToolDefinition(type, readLabel(tool, "name") ?? readLabel(tool, "server_label"));
}

/** The last event says all once more; it is taken where nothing else came. */
function readEnd(content: AnswerContent, response: JsonObject | undefined): void {
  if (response === undefined) return;
  if (content.choices.size === 0) {
    for (const [index, part] of readResponse(response).parts.entries()) {
      addPart(content, 0, `${index}`, part);
    }
  }
  noteEnd(content, 0, reasonOf(response));
}

const CALLS: ReadonlySet<string> = new Set(["function_call", "custom_tool_call"]);

function readAdded(content: AnswerContent, event: JsonObject): void {
  const item = readObject(event, "item");
  if (item === undefined || !CALLS.has(readLabel(item, "type") ?? "")) return;
  const [id, name] = [readLabel(item, "call_id"), readLabel(item, "name")];
  addToolCall(content, 0, keyOf(event), { id, name, args: undefined });
}

/** Items of which no piece came before. */
function readDone(content: AnswerContent, event: JsonObject): void {
  const item = readObject(event, "item");
  const key = keyOf(event);
  if (item === undefined || hasPart(content, 0, key) || hasPart(content, 0, `${key} text 0`))
    return;
  if (["summary", "reasoning"].some((kind) => hasPart(content, 0, `${key} ${kind} 0`))) return;
  for (const [index, part] of readItem(item).entries()) {
    addPart(content, 0, index === 0 ? key : `${key} part ${index}`, part);
  }
}

function readDelta(content: AnswerContent, event: JsonObject, type: string): void {
  const { delta } = event;
  const key = keyOf(event);
  const index = readIndex(event, "content_index") ?? 0;
  const summary = readIndex(event, "summary_index");
  if (type.startsWith("response.reasoning")) {
    const part = summary === undefined ? `reasoning ${index}` : `summary ${summary}`;
    addText(content, 0, `${key} ${part}`, delta, "reasoning");
  } else if (TEXT_DELTAS.has(type)) addText(content, 0, `${key} text ${index}`, delta);
  else if (CALL_DELTAS.has(type)) {
    addToolCall(content, 0, key, { id: undefined, name: undefined, args: delta });
  }
}

const TEXT_DELTAS: ReadonlySet<string> = new Set([
  "response.output_text.delta",
  "response.refusal.delta",
]);
const CALL_DELTAS: ReadonlySet<string> = new Set([
  "response.function_call_arguments.delta",
  "response.custom_tool_call_input.delta",
]);

function keyOf(event: JsonObject): string {
  return `${readIndex(event, "output_index") ?? 0}`;
}
