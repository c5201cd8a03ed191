import {
  isJsonObject,
  readIndex,
  readLabel,
  readList,
  readObject,
  type JsonObject,
} from "../json/read.ts";
import { addPart, addText, addToolCall, message, noteEnd } from "./answer-content.ts";
import type { AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart, ToolDefinition } from "./message.ts";
import { responseOf } from "./openai-chat.ts";
import {
  blobPart,
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

/** Anthropic's Messages, wherever they are served. */
export const messagesContent: ContentApi = {
  framing: "events",
  readRequest: (body) => ({
    systemInstructions: readContent(body["system"], readBlock),
    inputMessages: readList(body, "messages").filter(isJsonObject).map(readMessage),
    toolDefinitions: readList(body, "tools").filter(isJsonObject).flatMap(readTool),
  }),
  readAnswer: (answer) => [
    message(
      "assistant",
      readContent(answer["content"], readBlock),
      readLabel(answer, "stop_reason"),
    ),
  ],
  readEvent(content, event, name) {
    const type = readLabel(event, "type") ?? name;
    const key = `${readIndex(event, "index") ?? 0}`;
    if (type === "message_start") startMessage(content, readObject(event, "message"));
    else if (type === "content_block_start") {
      startBlock(content, key, readObject(event, "content_block"));
    } else if (type === "content_block_delta") {
      addDelta(content, key, readObject(event, "delta"));
    } else if (type === "message_delta") {
      noteEnd(content, 0, readLabel(readObject(event, "delta"), "stop_reason"));
    }
  },
};

/** Results of tools come in messages of the user; those that hold nothing else are the tool's. */
function readMessage(said: JsonObject): ContentMessage {
  const parts = readContent(said["content"], readBlock);
  const isTool = parts.length > 0 && parts.every(({ type }) => type === "tool_call_response");
  return { role: isTool ? "tool" : (readLabel(said, "role") ?? ""), parts };
}

const readBlock: ReadPart = (block) => {
  const type = readLabel(block, "type") ?? "";
  const read = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
  return read === undefined ? unreadPart(type) : read(block);
};

const BLOCKS: Readonly<Record<string, ReadPart>> = {
  text: (block) => textParts("text", block["text"]),
  thinking: (block) => textParts("reasoning", block["thinking"]),
  image: (block) => readSource(readObject(block, "source"), "image"),
  document: (block) => readSource(readObject(block, "source"), "document"),
  tool_use: (block) =>
    toolCallPart({
      id: readLabel(block, "id"),
      name: readLabel(block, "name"),
      args: block["input"],
    }),
  tool_result: (block) => ({
    type: "tool_call_response",
    id: readLabel(block, "tool_use_id"),
    response: responseOf(readContent(block["content"], readBlock)),
  }),
  server_tool_use: readServerCall,
  mcp_tool_use: readServerCall,
};

function readServerCall(block: JsonObject): ContentPart {
  return {
    type: "server_tool_call",
    id: readLabel(block, "id"),
    name: readLabel(block, "name") ?? "",
    server_tool_call: { type: readLabel(block, "type") ?? "", arguments: block["input"] },
  };
}

function readSource(source: JsonObject | undefined, modality: string): ReturnType<ReadPart> {
  switch (source?.["type"]) {
    case "base64":
      return blobPart(source["data"], readLabel(source, "media_type"), modality);
    case "url":
      return mediaPart(source["url"], modality);
    case "file":
      return filePart(source["file_id"], modality);
    case "text":
      return textParts("text", source["data"]);
    case "content":
      return readContent(source["content"], readBlock);
    default:
      return unreadPart(modality);
  }
}

function readTool(tool: JsonObject): readonly ToolDefinition[] {
  const type = readLabel(tool, "type") ?? "custom";
  return type === "custom"
    ? functionDefinition(tool, tool["input_schema"])
    : serverToolDefinition(type, readLabel(tool, "name"));
}

/** A continuation with nothing left to generate comes whole with its start. */
function startMessage(content: AnswerContent, said: JsonObject | undefined): void {
  for (const [index, part] of readContent(said?.["content"], readBlock).entries()) {
    addPart(content, 0, `start ${index}`, part);
  }
  noteEnd(content, 0, readLabel(said, "stop_reason"));
}

/** A block starts empty, or whole. */
function startBlock(content: AnswerContent, key: string, block: JsonObject | undefined): void {
  switch (block?.["type"]) {
    case "tool_use":
      addToolCall(content, 0, key, {
        id: readLabel(block, "id"),
        name: readLabel(block, "name"),
        args: undefined,
      });
      break;
    case "text":
      addText(content, 0, key, block["text"]);
      break;
    case "thinking":
      addText(content, 0, key, block["thinking"], "reasoning");
      break;
    case undefined:
      break;
    default:
      for (const part of readContent(block, readBlock)) addPart(content, 0, key, part);
  }
}

function addDelta(content: AnswerContent, key: string, delta: JsonObject | undefined): void {
  addText(content, 0, key, delta?.["text"]);
  addText(content, 0, key, delta?.["thinking"], "reasoning");
  const args = delta?.["partial_json"];
  if (typeof args === "string") {
    addToolCall(content, 0, key, { id: undefined, name: undefined, args });
  }
}
