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
export const OTHER_SOURCES: readonly OtherSource[] = [
  {
    name: "OpenAI's Realtime API over WebSocket",
    reference: "https://platform.openai.com/docs/guides/realtime-websocket",
    what:
      "Sessions on the global `WebSocket`, `ws` and undici's: one call per response, one per transcription of what the user says. " +
      "OpenAI, Azure, xAI, and hosts named under `endpoints:`.",
    fields: [
      ["inputTokens", "`response.done`: `response.usage.input_tokens`"],
      ["outputTokens", "`response.done`: `response.usage.output_tokens`"],
      [
        "audio, image and cached parts",
        "`response.usage.input_token_details`, `.output_token_details`",
      ],
      ["transcription", "`…input_audio_transcription.completed`: `usage` in tokens or seconds"],
    ],
    limits: [
      "What the server begins by itself (voice detection) is booked, never refused; a hard budget refuses every `response.create`, since an open session has no bound.",
      "WebRTC and SIP media, translation sessions, Google's Live API and the Responses API over WebSocket are not seen.",
    ],
  },
  {
    name: "Responses that are fetched later",
    reference: "https://platform.openai.com/docs/guides/background",
    what: "`GET …/responses/{id}`, streamed or not, and `POST …/{id}/cancel`: an answer that was pending when it was made is counted once, when it is first read complete.",
    fields: [["all counts", "as in `openai.responses`"]],
    limits: [
      "Each process counts what it reads: an answer made in one and fetched in another is charged as held in the first.",
    ],
  },
  {
    name: "Results of batches",
    reference: "https://platform.openai.com/docs/guides/batch",
    what: "`GET …/files/{id}/content` (OpenAI, Azure, Groq, Mistral, Together) and `GET …/messages/batches/{id}/results` (Anthropic): one call per line, once, in the service tier `batch`.",
    fields: [
      ["all counts", "`response.body`, read as the API that made it; Anthropic: `result.message`"],
    ],
    limits: [
      "Charged when the results are read: a batch holds nothing before.",
      "Lines over 32 MB, parts of files (`Range`), and batches of Gemini, Vertex AI and Bedrock are not read.",
    ],
  },
];

/** What is so for more than one API. */
export const GENERAL_LIMITS: readonly string[] = [
  "Whole images and video have no price, nor have models that nobody lists. What else is billed by other units than tokens (searches, pages, hours of sound) has one where the [price data](pricing.md) does.",
  "Service tiers that [docs/pricing.md](pricing.md) does not name are priced as standard, and said to be known in part only.",
  "Error answers with a status of 400 or more are taken as not billed.",
];

/** What nothing reads. Such calls pass as they are, unmetered. */
export const NOT_READ: readonly string[] = [
  "OpenAI: assistants and threads (`/threads/…/runs`), realtime over WebRTC, video, fine-tuning.",
  "Anthropic: text completions (`/v1/complete`).",
  "Google: Gemini Live, batches, Imagen and Veo (`:predict`, `:predictLongRunning`), cached content.",
  "Amazon Bedrock: agents, knowledge bases, flows, batch and asynchronous inference.",
  "Mistral: conversations (`/v1/conversations`), OCR. Cohere: `/v1/summarize`, `/v1/classify`. watsonx.ai: `/ml/v1/text/chat`.",
];
