import { createSingleAnswerApi } from "../answer/single-answer.ts";
import type { WireApi } from "../api.ts";
import { readPlainRequest } from "../request/plain-request.ts";
import { anthropicMessages } from "./anthropic-messages.ts";

/**
 * Counts the tokens of a request to Anthropic's Messages API, free of charge.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/token-counting
 */
export const anthropicCountTokens: WireApi = createSingleAnswerApi({
  id: "anthropic.count_tokens",
  operation: "count_tokens",
  provider: "anthropic",
  pathEnds: ["/messages/count_tokens"],
  about: {
    reference: "https://platform.claude.com/docs/en/build-with-claude/token-counting",
    notes: ["Free: what it counts is not used."],
  },
  readRequest: (text) =>
    readPlainRequest(text, {
      isOne: (body) => body.isArray("messages"),
      model: (body) => body.text("model"),
      free: true,
    }),
  // What it counts is not used.
  readAnswer: () => {},
  refusalBody: anthropicMessages.refusalBody,
});
