import { isJsonObject, parseObject, readList, readObject, type JsonObject } from "../json/read.ts";
import { addText, message } from "./answer-content.ts";
import { messagesContent } from "./anthropic-messages.ts";
import { converseContent } from "./bedrock-converse.ts";
import type { ContentApi } from "./content-api.ts";
import { chatContent } from "./openai-chat.ts";
import { completionsContent } from "./openai-completions.ts";
import { textParts } from "./parts.ts";

/**
 * Amazon Bedrock's InvokeModel, whose bodies are those of the model's maker: Anthropic's, Nova's (which are
 * Converse's), those like chat completions, and those with one prompt and one text.
 */
export const invokeContent: ContentApi = {
  framing: "aws",
  readRequest(body) {
    if (!Array.isArray(body["messages"])) {
      const prompt = body["prompt"] ?? body["inputText"] ?? body["message"];
      return completionsContent.readRequest({ prompt });
    }
    return requestApi(body).readRequest(body);
  },
  readAnswer(answer) {
    if (Array.isArray(answer["content"])) return messagesContent.readAnswer(answer);
    if (readObject(answer, "output") !== undefined) return converseContent.readAnswer(answer);
    if (Array.isArray(answer["choices"])) return chatContent.readAnswer(answer);
    return textsOf(answer).map((text) => message("assistant", textParts("text", text), undefined));
  },
  readEvent(content, event, type) {
    const said = type === "chunk" ? parseObject(decode(event["bytes"])) : undefined;
    if (said === undefined) return;
    if (typeof said["type"] === "string") messagesContent.readEvent(content, said, undefined);
    else if (Array.isArray(said["choices"])) chatContent.readEvent(content, said, undefined);
    else {
      // Nova's events are members by their names.
      for (const [name, inner] of Object.entries(said)) {
        if (isJsonObject(inner)) converseContent.readEvent(content, inner, name);
      }
      for (const text of textsOf(said)) addText(content, 0, "text", text);
    }
  },
};

/** Each maker's own names for the text. */
const TEXT_KEYS = ["generation", "completion", "outputText", "text"];
const LIST_KEYS = ["generations", "results", "outputs", "completions"];

function textsOf(answer: JsonObject): readonly unknown[] {
  const listed = LIST_KEYS.flatMap((key) => readList(answer, key)).filter(isJsonObject);
  const holders = listed.length > 0 ? listed : [answer];
  return holders.flatMap((holder) => {
    const said = readObject(holder, "data") ?? holder;
    return TEXT_KEYS.flatMap((key) => (typeof said[key] === "string" ? [said[key]] : []));
  });
}

/** Nova's messages hold blocks that are named by their only member, with no `type`. */
function requestApi(body: JsonObject): ContentApi {
  if (body["anthropic_version"] !== undefined) return messagesContent;
  const isConverse = readList(body, "messages").some((said) =>
    isJsonObject(said)
      ? readList(said, "content").some((block) => isJsonObject(block) && !("type" in block))
      : false,
  );
  return isConverse ? converseContent : chatContent;
}

function decode(base64: unknown): string {
  if (typeof base64 !== "string") return "";
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return "";
  }
}
