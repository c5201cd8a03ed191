import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { addText, addToolCall, message, noteEnd } from "./answer-content.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart, ToolDefinition } from "./message.ts";
import { responseOf } from "./openai-chat.ts";
import {
  blobPart,
  functionDefinition,
  mediaPart,
  readContent,
  serverToolDefinition,
  textParts,
  toolCallPart,
  unreadPart,
} from "./parts.ts";

/** Amazon Bedrock's Converse, whose blocks are named by their only member. */
export const converseContent: ContentApi = {
  framing: "aws",
  readRequest: (body) => ({
    systemInstructions: readContent(body["system"], readBlock),
    inputMessages: readList(body, "messages").filter(isJsonObject).map(readMessage),
    toolDefinitions: readList(readObject(body, "toolConfig"), "tools")
      .filter(isJsonObject)
      .flatMap(readTool),
  }),
  readAnswer(answer) {
    const said = readObject(readObject(answer, "output"), "message");
    const parts = readContent(said?.["content"], readBlock);
    return [message("assistant", parts, readLabel(answer, "stopReason"))];
  },
  readEvent(content, event, type) {
    const key = `${readIndex(event, "contentBlockIndex") ?? 0}`;
    if (type === "contentBlockStart") {
      const started = readObject(readObject(event, "start"), "toolUse");
      if (started !== undefined) addCall(content, key, started);
    } else if (type === "contentBlockDelta") addDelta(content, key, readObject(event, "delta"));
    else if (type === "messageStop") noteEnd(content, 0, readLabel(event, "stopReason"));
  },
};

function readMessage(said: JsonObject): ContentMessage {
  const parts = readContent(said["content"], readBlock);
  const isTool = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return { role: isTool ? "tool" : (readLabel(said, "role") ?? ""), parts };
}

function readBlock(block: JsonObject): readonly ContentPart[] {
  if (typeof block["text"] === "string") return textParts("text", block["text"]);
  for (const [name, read] of BLOCKS) {
    const said = readObject(block, name);
    if (said !== undefined) return read(said);
  }
  if (block["json"] !== undefined)
    return [{ type: "text", content: JSON.stringify(block["json"]) }];
  const [kind] = Object.keys(block);
  return kind === undefined || kind === "cachePoint" ? [] : [unreadPart(kind.slice(0, 64))];
}

const BLOCKS: readonly (readonly [
  name: string,
  read: (said: JsonObject) => readonly ContentPart[],
])[] = [
  ["image", (said) => [readMedia(said, "image")]],
  ["video", (said) => [readMedia(said, "video")]],
  ["audio", (said) => [readMedia(said, "audio")]],
  ["document", (said) => [readMedia(said, "document")]],
  ["toolUse", (said) => [readCall(said)]],
  [
    "toolResult",
    (said) => [
      {
        type: "tool_call_response",
        id: readLabel(said, "toolUseId"),
        response: responseOf(readContent(said["content"], readBlock)),
      },
    ],
  ],
  [
    "reasoningContent",
    (said) => textParts("reasoning", readObject(said, "reasoningText")?.["text"]),
  ],
  ["guardContent", (said) => readContent(said, readGuarded)],
];

function readGuarded(said: JsonObject): readonly ContentPart[] {
  const image = readObject(said, "image");
  if (image !== undefined) return [readMedia(image, "image")];
  return textParts("text", readObject(said, "text")?.["text"]);
}

function readMedia(said: JsonObject, modality: string): ContentPart {
  const source = readObject(said, "source");
  const format = readLabel(said, "format");
  const address = readObject(source, "s3Location")?.["uri"];
  return address === undefined
    ? blobPart(source?.["bytes"], format && `${mimeGroup(modality)}/${format}`, modality)
    : mediaPart(address, modality);
}

function mimeGroup(modality: string): string {
  return modality === "document" ? "application" : modality;
}

function readCall(said: JsonObject): ContentPart {
  const [id, name] = [readLabel(said, "toolUseId"), readLabel(said, "name")];
  return toolCallPart({ id, name, args: said["input"] });
}

function readTool(tool: JsonObject): readonly ToolDefinition[] {
  const described = readObject(tool, "toolSpec");
  if (described === undefined) {
    return serverToolDefinition("systemTool", readLabel(readObject(tool, "systemTool"), "name"));
  }
  return functionDefinition(described, readObject(described, "inputSchema")?.["json"]);
}

function addCall(content: AnswerContent, key: string, said: JsonObject): void {
  const [id, name] = [readLabel(said, "toolUseId"), readLabel(said, "name")];
  addToolCall(content, 0, key, { id, name, args: said["input"] });
}

function addDelta(content: AnswerContent, key: string, delta: JsonObject | undefined): void {
  addText(content, 0, key, delta?.["text"]);
  addText(content, 0, key, readObject(delta, "reasoningContent")?.["text"], "reasoning");
  const called = readObject(delta, "toolUse");
  if (called !== undefined) addCall(content, key, called);
}
