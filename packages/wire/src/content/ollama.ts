import { isJsonObject, readLabel, readList, readObject, type JsonObject } from "../json/read.ts";
import { addText, message, noteEnd } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import type { ContentMessage, ContentPart } from "./message.ts";
import { readCallDelta, readChatMessages, readChatParts, readChatTools } from "./openai-chat.ts";
import { blobPart, readContent, textParts } from "./parts.ts";

/** Ollama's chat and its generation from one prompt. */
export const ollamaContent: ContentApi = {
  framing: "json",
  readRequest: (body) => ({
    systemInstructions: textParts("text", body["system"]),
    inputMessages: "prompt" in body ? [readPrompt(body)] : readMessages(body),
    toolDefinitions: readChatTools(body["tools"]),
  }),
  readAnswer(answer) {
    const said = readObject(answer, "message");
    const parts = said === undefined ? readGenerated(answer) : readChatParts(said);
    return [message("assistant", parts, readLabel(answer, "done_reason"))];
  },
  readEvent(content, line) {
    const said = readObject(line, "message") ?? line;
    addText(content, 0, "thinking", said["thinking"], "reasoning");
    addText(content, 0, "text", said["content"] ?? said["response"]);
    for (const call of readList(said, "tool_calls")) {
      // Calls come whole and have no number.
      const key = `call ${content.choices.get(0)?.parts.length ?? 0}`;
      readCallDelta(content, 0, key, call);
    }
    noteEnd(content, 0, readLabel(line, "done_reason"));
  },
};

function readPrompt(body: JsonObject): ContentMessage {
  return {
    role: "user",
    parts: [...readContent(body["prompt"], () => undefined), ...imagesOf(body)],
  };
}

function readMessages(body: JsonObject): readonly ContentMessage[] {
  const said = readList(body, "messages").filter(isJsonObject);
  return readChatMessages(said).map((each, index) => {
    const images = imagesOf(said[index]);
    return images.length === 0 ? each : { ...each, parts: [...each.parts, ...images] };
  });
}

function imagesOf(said: JsonObject | undefined): readonly ContentPart[] {
  return readList(said, "images").map((image) => blobPart(image, undefined, "image"));
}

function readGenerated(answer: JsonObject): readonly ContentPart[] {
  return [...textParts("reasoning", answer["thinking"]), ...textParts("text", answer["response"])];
}
