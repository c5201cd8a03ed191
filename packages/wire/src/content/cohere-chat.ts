import { readIndex, readLabel, readObject, type JsonObject } from "../json/read.ts";
import { addText, message, noteEnd, type AnswerContent } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import { readCallDelta, readChatMessages, readChatParts, readChatTools } from "./openai-chat.ts";

/** Cohere's chat, second version: messages are OpenAI's but for a few names, its events are its own. */
export const cohereContent: ContentApi = {
  framing: "events",
  readRequest: (body) => ({
    systemInstructions: [],
    inputMessages: readChatMessages(body["messages"]),
    toolDefinitions: readChatTools(body["tools"]),
  }),
  readAnswer(answer) {
    const said = readObject(answer, "message");
    const parts = said === undefined ? [] : readChatParts(said);
    return [message("assistant", parts, readLabel(answer, "finish_reason"))];
  },
  readEvent(content, event, name) {
    const delta = readObject(event, "delta");
    const said = readObject(delta, "message");
    const key = `${readIndex(event, "index") ?? 0}`;
    addText(content, 0, "plan", said?.["tool_plan"], "reasoning");
    addContent(content, key, readObject(said, "content"));
    readCallDelta(content, 0, `call ${key}`, readObject(said, "tool_calls"));
    if ((readLabel(event, "type") ?? name) === "message-end") {
      noteEnd(content, 0, readLabel(delta, "finish_reason"));
    }
  },
};

function addContent(content: AnswerContent, key: string, said: JsonObject | undefined): void {
  addText(content, 0, `thinking ${key}`, said?.["thinking"], "reasoning");
  addText(content, 0, `content ${key}`, said?.["text"]);
}
