/** The wire formats that the fake provider speaks. */
export type FakeApi =
  | "openai.chat"
  | "openai.responses"
  | "openai.embeddings"
  | "openai.transcriptions"
  | "anthropic.messages"
  | "google.generate_content"
  | "google.interactions"
  | "mistral.chat"
  | "cohere.chat"
  | "groq.chat"
  | "together.chat"
  | "ollama.chat"
  | "bedrock.converse"
  | "bedrock.invoke_model";

/** One request that reached the fake provider. Counts grow while the answer is under way. */
export interface RecordedRequest {
  /** `undefined` when the path belongs to none of the APIs. */
  readonly api: FakeApi | undefined;
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The JSON object that was sent; empty when the body was no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly bodyText: string;
  readonly startedAtMs: number;
  /** Bytes of the response's body handed to the network so far. */
  readonly bytesWritten: number;
  /** Writes of the response's body so far; one per event unless the script splits them. */
  readonly writes: number;
  /** Whether the client went away before it had the whole answer. */
  readonly closedByClient: boolean;
  /** Resolves when the answer is sent, or the connection gone. Never rejects. */
  readonly ended: Promise<void>;
}

/** Whether the conversation already holds an answer to a tool call, in any of the APIs. */
export function hasToolResult(request: RecordedRequest): boolean {
  return /"role"\s*:\s*"tool"|"type"\s*:\s*"(?:function_call_output|tool_result)"|"toolResult"/.test(
    request.bodyText,
  );
}

/** Members of a foreign value, or none when it is not an object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
