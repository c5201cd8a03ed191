/**
 * Prompts and answers in one vocabulary, whatever API they came through: OpenTelemetry's.
 *
 * @see https://github.com/open-telemetry/semantic-conventions-genai `model/gen-ai/gen-ai-input-messages.json`
 *   and `gen-ai-output-messages.json` at commit 2b902ce14e7fa9d3d97cac49de02bae6917c02ae
 */
export interface ContentMessage {
  /** `system`, `user`, `assistant`, `tool`, or what the API calls it (`developer`). */
  readonly role: string;
  readonly parts: readonly ContentPart[];
  /** The name of the participant. */
  readonly name?: string | undefined;
  /** Of an answer: why it ended, in the provider's words. */
  readonly finish_reason?: string | undefined;
}

/** What every part may say of itself. */
interface PartMarks {
  /** True when something of it was cut off. */
  readonly truncated?: true | undefined;
}

export interface TextPart extends PartMarks {
  readonly type: "text" | "reasoning";
  readonly content: string;
}

export interface ToolCallPart extends PartMarks {
  readonly type: "tool_call";
  readonly id?: string | undefined;
  readonly name: string;
  /** What their JSON says; the text itself where it is not JSON. */
  readonly arguments?: unknown;
}

export interface ToolCallResponsePart extends PartMarks {
  readonly type: "tool_call_response";
  readonly id?: string | undefined;
  /** A text, JSON, or a list of parts. */
  readonly response: unknown;
}

/** A tool that the provider runs itself. */
export interface ServerToolCallPart extends PartMarks {
  readonly type: "server_tool_call";
  readonly id?: string | undefined;
  readonly name: string;
  readonly server_tool_call: { readonly type: string; readonly arguments?: unknown };
}

/** Media that were sent inline. Their bytes are never kept. */
export interface BlobPart extends PartMarks {
  readonly type: "blob";
  readonly modality: string;
  readonly mime_type?: string | undefined;
  /** Always empty. */
  readonly content: "";
  /** Of the media. */
  readonly size_bytes: number;
  /** What is said in it, where the provider wrote it down. */
  readonly transcript?: string | undefined;
}

/** Media that lie elsewhere, without the query of the address: it may hold a key or a signature. */
export interface UriPart extends PartMarks {
  readonly type: "uri";
  readonly modality: string;
  readonly mime_type?: string | undefined;
  readonly uri: string;
}

/** Media that were uploaded before. */
export interface FilePart extends PartMarks {
  readonly type: "file";
  readonly modality: string;
  readonly mime_type?: string | undefined;
  readonly file_id: string;
}

/** Something that is not read: only what the API calls it. */
export interface UnreadPart extends PartMarks {
  readonly type: "unread";
  readonly kind: string;
}

/** A tool that a request offers, as a part, so that it can be redacted like a message. */
export interface ToolDefinitionPart extends PartMarks {
  readonly type: "tool_definition";
  readonly definition: ToolDefinition;
}

export type ContentPart =
  | TextPart
  | ToolCallPart
  | ToolCallResponsePart
  | ServerToolCallPart
  | BlobPart
  | UriPart
  | FilePart
  | UnreadPart
  | ToolDefinitionPart;

/** A tool that a request offers to the model. Of tools that the provider runs only type and name. */
export interface ToolDefinition {
  readonly type: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON schema. */
  readonly parameters?: unknown;
}

/** What a request says to the model. */
export interface RequestContent {
  /** Instructions that stand beside the messages; those among the messages stay there. */
  readonly systemInstructions: readonly ContentPart[];
  readonly inputMessages: readonly ContentMessage[];
  readonly toolDefinitions: readonly ToolDefinition[];
}
