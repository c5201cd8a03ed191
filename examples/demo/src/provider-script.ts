import { hasToolResult, type RecordedRequest, type ReplyScript } from "@tollgate/testkit";

const TYPING = { delayMs: 60, chunkDelayMs: 8 } as const;

/** What the fake model says to each agent, with the counts of real conversations. */
export function replyTo(request: RecordedRequest): ReplyScript {
  switch (request.api) {
    case "anthropic.messages":
      return hasToolResult(request) ? facts() : source();
    case "openai.responses":
      return {
        ...TYPING,
        text: "1. Who built them. 2. Who paid. 3. Who found a way around.",
        usage: { inputTokens: 900, outputTokens: 620, cacheReadTokens: 0 },
      };
    default:
      if (request.body["stream"] === true) return article();
      return hasToolResult(request) ? plan() : archiveSearch(request);
  }
}

function archiveSearch({ bodyText }: RecordedRequest): ReplyScript {
  const topic = /article about ([\w ]+)\./.exec(bodyText)?.[1] ?? "tolls";
  return {
    ...TYPING,
    toolCalls: [{ name: "search_archive", arguments: { topic } }],
    usage: { inputTokens: 2600, outputTokens: 340, cacheReadTokens: 2048, reasoningTokens: 256 },
  };
}

function plan(): ReplyScript {
  return {
    ...TYPING,
    text: "Begin at the gate, follow the money, end on the far side.",
    usage: { inputTokens: 3100, outputTokens: 700, cacheReadTokens: 2560, reasoningTokens: 384 },
  };
}

function source(): ReplyScript {
  return {
    ...TYPING,
    text: "Let me read what there is.",
    toolCalls: [{ name: "read_source", arguments: { title: "The book of tolls" } }],
    usage: {
      inputTokens: 9000,
      outputTokens: 160,
      cacheReadTokens: 6000,
      cacheWriteTokens: 2400,
      cacheWrite1hTokens: 400,
    },
  };
}

function facts(): ReplyScript {
  return {
    ...TYPING,
    text: "Five facts: they were old, they were many, they were hated, they were paid, they paid.",
    usage: { inputTokens: 9600, outputTokens: 480, cacheReadTokens: 8400, cacheWriteTokens: 600 },
  };
}

function article(): ReplyScript {
  return {
    ...TYPING,
    text: "Every road ends at somebody's gate. ".repeat(6).trimEnd(),
    usage: { inputTokens: 1500, outputTokens: 1150 },
  };
}
