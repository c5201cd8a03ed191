import type { Attributes, AttributeValue } from "../../otlp/records.ts";

/** What attributes can tell of a call, and what it is called in the docs. */
export const FACTS = {
  provider: "provider",
  operation: "operation",
  requestModel: "request model",
  responseModel: "response model",
  responseId: "response id",
  serviceTier: "service tier",
  inputTokens: "`inputTokens`",
  outputTokens: "`outputTokens`",
  totalTokens: "sum, to see what the others include",
  cacheReadTokens: "`cacheReadTokens`",
  cacheWriteTokens: "`cacheWriteTokens`",
  cacheWrite1hTokens: "`cacheWrite1hTokens`",
  reasoningTokens: "`reasoningTokens`",
  audioInputTokens: "`audioInputTokens`",
  audioOutputTokens: "`audioOutputTokens`",
  imageInputTokens: "`imageInputTokens`",
  imageOutputTokens: "`imageOutputTokens`",
  toolUseInputTokens: "`toolUseInputTokens`",
  costUsd: "cost in US dollars",
  streaming: "streaming",
  timeToFirstChunkS: "time to first chunk, in seconds",
  timeToFirstChunkMs: "time to first chunk, in milliseconds",
  durationMs: "duration, in milliseconds",
  errorType: "error type",
  finishReasons: "finish reasons",
  toolCalls: "names of called tools",
  key: "what the record is known by",
  sender: "which calls belong together",
  organization: "organization",
  project: "project",
  agent: "agent",
  session: "session",
  user: "user",
  repository: "repository",
  commit: "commit",
  release: "release",
} as const;

export type Fact = keyof typeof FACTS;

/** Which attributes hold a fact; the first that says something counts. */
export type FactNames = Readonly<Partial<Record<Fact, readonly string[]>>>;

/** What a set of attributes says of one fact. */
export type Facts = <Value>(
  fact: Fact,
  read: (value: AttributeValue | undefined) => Value | undefined,
) => Value | undefined;

export function factsIn(attributes: Attributes, names: FactNames): Facts {
  return (fact, read) => {
    for (const name of names[fact] ?? []) {
      const value = read(attributes[name]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** Every attribute that a table of facts names. */
export function namesOf(names: FactNames): readonly string[] {
  return [...new Set(Object.values(names).flat())];
}
