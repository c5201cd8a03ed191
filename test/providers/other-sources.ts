/** Where else usage is read from: what is not one answer to one request over HTTP. */
export interface OtherSource {
  /** As the heading of its section says. */
  readonly name: string;
  readonly reference: string;
  /** What is metered, in a sentence or two. */
  readonly what: string;
  /** What is read and from which field, such as `["inputTokens", "response.usage.input_tokens"]`. */
  readonly fields: readonly (readonly [what: string, from: string])[];
  readonly limits: readonly string[];
}

/** One entry each for what is not a codec of `@tollgate/wire`. */
export const OTHER_SOURCES: readonly OtherSource[] = [];

/** What is so for more than one API. */
export const GENERAL_LIMITS: readonly string[] = [
  "What is billed by other units than tokens (searches of a ranking, whole images, video) has no price, nor have models that nobody lists.",
  "Service tiers are priced as standard.",
  "Error answers with a status of 400 or more are taken as not billed.",
];

/** What nothing reads. Such calls pass as they are, unmetered. */
export const NOT_READ: readonly string[] = [
  "OpenAI: assistants and threads (`/threads/…/runs`), batches, realtime over WebSocket or WebRTC, video, fine-tuning.",
  "OpenAI: responses that are fetched later (`GET /responses/…`).",
  "Anthropic: text completions (`/v1/complete`), message batches.",
  "Google: Gemini Live, batches, Imagen and Veo (`:predict`, `:predictLongRunning`), cached content.",
  "Amazon Bedrock: agents, knowledge bases, flows, batch and asynchronous inference.",
  "Mistral: conversations (`/v1/conversations`), OCR. Cohere: `/v1/summarize`, `/v1/classify`. watsonx.ai: `/ml/v1/text/chat`.",
];
