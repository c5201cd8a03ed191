import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { addPart, addRun, addToolCall, hasPart, message, noteEnd } from "./answer-content.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart, ToolCallPart, ToolDefinition } from "./message.ts";
import {
  blobPart,
  functionDefinition,
  mediaPart,
  modalityOf,
  serverToolDefinition,
  textParts,
  toolCallPart,
  unreadPart,
} from "./parts.ts";

/** Gemini, on AI Studio and on Vertex AI. Its servers take names in both spellings. */
export const generateContent: ContentApi = {
  framing: "json",
  readRequest: (body) => ({
    systemInstructions: readParts(member(body, "systemInstruction")),
    inputMessages: contentsOf(body["contents"]).map(readMessage),
    toolDefinitions: readList(body, "tools").filter(isJsonObject).flatMap(readTool),
  }),
  readAnswer: (answer) =>
    readList(answer, "candidates")
      .filter(isJsonObject)
      .map((candidate) => {
        const parts = readParts(readObject(candidate, "content"));
        return message("assistant", parts, readLabel(candidate, "finishReason"));
      }),
  readEvent(content, event) {
    for (const [position, candidate] of readList(event, "candidates").entries()) {
      if (!isJsonObject(candidate)) continue;
      const index = readIndex(candidate, "index") ?? position;
      for (const part of readParts(readObject(candidate, "content"))) add(content, index, part);
      noteEnd(content, index, readLabel(candidate, "finishReason"));
    }
  },
};

function contentsOf(contents: unknown): readonly JsonObject[] {
  const list: readonly unknown[] = Array.isArray(contents) ? contents : [contents];
  return list.filter(isJsonObject);
}

function readMessage(said: JsonObject): ContentMessage {
  const parts = readParts(said);
  const isTool = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  const role = readLabel(said, "role") ?? "user";
  return { role: isTool ? "tool" : role === "model" ? "assistant" : role, parts };
}

function readParts(content: JsonObject | undefined): readonly ContentPart[] {
  const parts = content?.["parts"];
  const list: readonly unknown[] = Array.isArray(parts) ? parts : [parts];
  return list.filter(isJsonObject).flatMap(readPart);
}

/** A member by its name in either spelling. */
function member(from: JsonObject, name: string): JsonObject | undefined {
  return readObject(from, name) ?? readObject(from, snakeCase(name));
}

function label(from: JsonObject, name: string): string | undefined {
  return readLabel(from, name) ?? readLabel(from, snakeCase(name));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readPart(part: JsonObject): readonly ContentPart[] {
  if (typeof part["text"] === "string") {
    return textParts(part["thought"] === true ? "reasoning" : "text", part["text"]);
  }
  for (const [name, read] of KINDS) {
    const said = member(part, name);
    if (said !== undefined) return [read(said)];
  }
  const kind = Object.keys(part).find((key) => key.length <= 64 && !/thought/i.test(key));
  return kind === undefined ? [] : [unreadPart(kind)];
}

const KINDS: readonly (readonly [name: string, read: (said: JsonObject) => ContentPart])[] = [
  ["inlineData", (said) => blobPart(said["data"], label(said, "mimeType"))],
  [
    "fileData",
    (said) => {
      const mimeType = label(said, "mimeType");
      return mediaPart(said["fileUri"] ?? said["file_uri"], modalityOf(mimeType), mimeType);
    },
  ],
  [
    "functionCall",
    (said) =>
      toolCallPart({
        id: readLabel(said, "id"),
        name: readLabel(said, "name"),
        args: said["args"] ?? said["partialArgs"],
      }),
  ],
  [
    "functionResponse",
    (said) => ({
      type: "tool_call_response",
      id: readLabel(said, "id") ?? readLabel(said, "name"),
      response: said["response"],
    }),
  ],
  [
    "executableCode",
    (said) => ({
      type: "server_tool_call",
      name: "code_execution",
      server_tool_call: { type: "code_execution", arguments: said["code"] },
    }),
  ],
  ["codeExecutionResult", (said) => ({ type: "tool_call_response", response: said["output"] })],
];

function readTool(tool: JsonObject): readonly ToolDefinition[] {
  const declared = tool["functionDeclarations"] ?? tool["function_declarations"];
  if (!Array.isArray(declared))
    return Object.keys(tool).flatMap((name) => serverToolDefinition(name));
  return declared
    .filter(isJsonObject)
    .flatMap((each) =>
      functionDefinition(
        each,
        each["parameters"] ?? each["parametersJsonSchema"] ?? each["parameters_json_schema"],
      ),
    );
}

function add(content: AnswerContent, index: number, part: ContentPart): void {
  const count = content.choices.get(index)?.parts.length ?? 0;
  if (part.type === "text" || part.type === "reasoning") {
    addRun(content, index, part.content, part.type);
  } else if (part.type === "tool_call") addCall(content, index, count, part);
  else addPart(content, index, `part ${count}`, part);
}

/** Arguments may follow in parts of their own, which have no name. */
function addCall(content: AnswerContent, index: number, count: number, part: ToolCallPart): void {
  const { id, name, arguments: args } = part;
  const isMore = name === "" && hasPart(content, index, `call ${count - 1}`);
  const key = `call ${isMore ? count - 1 : count}`;
  if (name !== "" || isMore)
    addToolCall(content, index, key, { id, name: name || undefined, args });
}
