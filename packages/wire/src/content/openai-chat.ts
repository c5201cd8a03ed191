import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { addRun, addText, addToolCall, message, noteEnd } from "./answer-content.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart, ToolDefinition } from "./message.ts";
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
  type ReadPart,
} from "./parts.ts";

/** Chat completions as OpenAI has them, and with what Mistral, DeepSeek and others add. */
export const chatContent: ContentApi = {
  framing: "events",
  readRequest: (body) => ({
    systemInstructions: [],
    inputMessages: readChatMessages(body["messages"]),
    toolDefinitions: [
      ...readChatTools(body["tools"]),
      ...readList(body, "functions").flatMap((each) =>
        isJsonObject(each) ? functionDefinition(each) : [],
      ),
    ],
  }),
  readAnswer: (answer) =>
    readList(answer, "choices").flatMap((choice) => {
      if (!isJsonObject(choice)) return [];
      const said = readObject(choice, "message");
      const parts = said === undefined ? textParts("text", choice["text"]) : readChatParts(said);
      return [message("assistant", parts, readLabel(choice, "finish_reason"))];
    }),
  readEvent(content, event) {
    for (const [position, choice] of readList(event, "choices").entries()) {
      if (!isJsonObject(choice)) continue;
      const index = readIndex(choice, "index") ?? position;
      const delta = readObject(choice, "delta");
      // Together says the same text twice.
      if (delta?.["content"] === undefined) addText(content, index, "text", choice["text"]);
      readDelta(content, index, delta);
      noteEnd(content, index, readLabel(choice, "finish_reason"));
    }
  },
};

export function readChatMessages(messages: unknown): readonly ContentMessage[] {
  const list: readonly unknown[] = Array.isArray(messages) ? messages : [];
  return list.filter(isJsonObject).map(readChatMessage);
}

function readChatMessage(said: JsonObject): ContentMessage {
  const role = readLabel(said, "role") ?? "";
  const name = readLabel(said, "name");
  return { role, parts: readChatParts(said), ...(name === undefined ? {} : { name }) };
}

/** The parts of a message, the answer's own or one of the request's. */
export function readChatParts(said: JsonObject): readonly ContentPart[] {
  const parts = readContent(said["content"], readPart);
  const role = said["role"];
  if (role === "tool" || role === "function") {
    return [{ type: "tool_call_response", id: callIdOf(said), response: responseOf(parts) }];
  }
  return [
    ...textParts("reasoning", reasoningOf(said)),
    ...parts,
    ...textParts("text", said["refusal"]),
    ...audioParts(readObject(said, "audio")),
    ...readList(said, "tool_calls").flatMap(readToolCall),
    ...readToolCall(said["function_call"]),
  ];
}

function callIdOf(said: JsonObject): string | undefined {
  return readLabel(said, "tool_call_id") ?? readLabel(said, "tool_name") ?? readLabel(said, "name");
}

/** Two vendors' names for the same text; some send both. */
function reasoningOf(said: JsonObject): unknown {
  return said["reasoning_content"] || said["reasoning"] || said["thinking"] || said["tool_plan"];
}

/** A plain text stays one. */
export function responseOf(parts: readonly ContentPart[]): unknown {
  const [only] = parts;
  return parts.length === 1 && only?.type === "text" ? only.content : parts;
}

function readToolCall(call: unknown): readonly ContentPart[] {
  if (!isJsonObject(call)) return [];
  const called = readObject(call, "function") ?? readObject(call, "custom") ?? call;
  const args = called["arguments"] ?? called["input"];
  return [toolCallPart({ id: readLabel(call, "id"), name: readLabel(called, "name"), args })];
}

function audioParts(audio: JsonObject | undefined): readonly ContentPart[] {
  if (audio === undefined) return [];
  if (audio["data"] === undefined) return [filePart(audio["id"], "audio")];
  const transcript = audio["transcript"];
  const blob = blobPart(audio["data"], undefined, "audio");
  return [typeof transcript === "string" ? { ...blob, transcript } : blob];
}

const readPart: ReadPart = (part) => byType(PARTS, part);

const PARTS: Readonly<Record<string, ReadPart>> = {
  text: (part) => textParts("text", part["text"]),
  refusal: (part) => textParts("text", part["refusal"]),
  thinking: (part) =>
    readContent(part["thinking"], readPart).map((each) =>
      each.type === "text" ? { ...each, type: "reasoning" } : each,
    ),
  image_url: (part) => mediaPart(urlOf(part, "image_url"), "image"),
  video_url: (part) => mediaPart(urlOf(part, "video_url"), "video"),
  audio_url: (part) => mediaPart(urlOf(part, "audio_url"), "audio"),
  document_url: (part) => mediaPart(urlOf(part, "document_url"), "document"),
  input_audio: (part) => readInputAudio(part["input_audio"]),
  file: (part) => readFile(readObject(part, "file") ?? part),
  document: (part) => ({ type: "text", content: JSON.stringify(part["document"] ?? null) }),
};

/** Some take the address itself where OpenAI takes an object with it. */
function urlOf(part: JsonObject, key: string): unknown {
  return readObject(part, key)?.["url"] ?? part[key];
}

function readInputAudio(audio: unknown): ContentPart {
  if (!isJsonObject(audio)) return blobPart(audio, undefined, "audio");
  const format = readLabel(audio, "format");
  return blobPart(audio["data"], format && `audio/${format}`, "audio");
}

/** Data come with their type in front, or without. */
export function readFile(file: JsonObject): ContentPart {
  const data = file["file_data"];
  if (typeof data !== "string") return filePart(file["file_id"], "document");
  return data.startsWith("data:") ? mediaPart(data, "document") : blobPart(data, undefined);
}

function readDelta(content: AnswerContent, index: number, delta: JsonObject | undefined): void {
  if (delta === undefined) return;
  addText(content, index, "reasoning", reasoningOf(delta), "reasoning");
  const said = delta["content"];
  if (typeof said === "string") addText(content, index, "content", said);
  else readRuns(content, index, readContent(said, readPart));
  addText(content, index, "refusal", delta["refusal"]);
  addText(content, index, "transcript", readObject(delta, "audio")?.["transcript"]);
  readCallDelta(content, index, "function", delta["function_call"]);
  for (const [position, call] of readList(delta, "tool_calls").entries()) {
    if (!isJsonObject(call)) continue;
    const key = readIndex(call, "index") ?? readLabel(call, "id") ?? position;
    readCallDelta(content, index, `call ${key}`, call);
  }
}

function readRuns(content: AnswerContent, index: number, parts: readonly ContentPart[]): void {
  for (const part of parts) {
    if (part.type === "text" || part.type === "reasoning") {
      addRun(content, index, part.content, part.type);
    }
  }
}

export function readCallDelta(
  content: AnswerContent,
  index: number,
  key: string,
  call: unknown,
): void {
  if (!isJsonObject(call)) return;
  const called = readObject(call, "function") ?? readObject(call, "custom") ?? call;
  addToolCall(content, index, key, {
    id: readLabel(call, "id"),
    name: readLabel(called, "name"),
    args: called["arguments"] ?? called["input"],
  });
}

export function readChatTools(tools: unknown): readonly ToolDefinition[] {
  const list: readonly unknown[] = Array.isArray(tools) ? tools : [];
  return list.filter(isJsonObject).flatMap((tool) => {
    const described = readObject(tool, "function");
    if (described !== undefined) return functionDefinition(described);
    const type = readLabel(tool, "type") ?? "";
    return serverToolDefinition(type, readLabel(readObject(tool, "custom"), "name"));
  });
}
