import { addText } from "./answer-content.ts";
import type { ContentApi } from "./content-api.ts";
import { chatContent } from "./openai-chat.ts";
import { textParts } from "./parts.ts";

/** Completions of one prompt, or of many; a prompt that is a list of tokens says nothing. */
export const completionsContent: ContentApi = {
  ...chatContent,
  readRequest(body) {
    const { prompt } = body;
    const prompts: readonly unknown[] = Array.isArray(prompt) ? prompt : [prompt];
    const messages = prompts.flatMap((each) => {
      const parts = textParts("text", each);
      return parts.length === 0 ? [] : [{ role: "user", parts }];
    });
    return { systemInstructions: [], inputMessages: messages, toolDefinitions: [] };
  },
  readEvent(content, event, type) {
    chatContent.readEvent(content, event, type);
    // Writer's events have nothing around the text.
    addText(content, 0, "text", event["value"]);
  },
};
