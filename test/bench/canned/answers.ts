/** Answers without a network, so that only the client and what is around it cost time. */

const CHAT = JSON.stringify({
  id: "chatcmpl-BenchAnswer",
  object: "chat.completion",
  created: 1_760_000_000,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "The quick brown fox jumps over the lazy dog. ".repeat(8),
        refusal: null,
        annotations: [],
      },
      logprobs: null,
      finish_reason: "stop",
    },
  ],
  usage: {
    prompt_tokens: 19,
    completion_tokens: 80,
    total_tokens: 99,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  service_tier: "default",
  system_fingerprint: "fp_bench",
});

const RESPONSE = JSON.stringify({
  id: "resp_BenchAnswer",
  object: "response",
  created_at: 1_760_000_000,
  status: "completed",
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: 200,
  max_tool_calls: null,
  model: "gpt-4o-mini-2024-07-18",
  output: [
    {
      id: "msg_BenchAnswer",
      type: "message",
      status: "completed",
      content: [
        {
          type: "output_text",
          annotations: [],
          logprobs: [],
          text: "The quick brown fox jumps over the lazy dog. ".repeat(8),
        },
      ],
      role: "assistant",
    },
  ],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: "default",
  store: true,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  usage: {
    input_tokens: 19,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 80,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 99,
  },
  user: null,
  metadata: {},
});

const STREAM_CHUNKS = 500;

const delta = (content: object, finishReason: string | null = null): object => ({
  index: 0,
  delta: content,
  logprobs: null,
  finish_reason: finishReason,
});

const encoder = new TextEncoder();

function createStreamChunks(count: number): readonly Uint8Array[] {
  const event = (choices: readonly object[], more: object = {}): Uint8Array =>
    encoder.encode(
      `data: ${JSON.stringify({
        id: "chatcmpl-BenchStream",
        object: "chat.completion.chunk",
        created: 1_760_000_000,
        model: "gpt-4o-mini-2024-07-18",
        service_tier: "default",
        system_fingerprint: "fp_bench",
        choices,
        usage: null,
        ...more,
      })}\n\n`,
    );
  const usage = { prompt_tokens: 19, completion_tokens: 497, total_tokens: 516 };
  return [
    event([delta({ role: "assistant", content: "", refusal: null })]),
    ...Array.from({ length: count - 4 }, () => event([delta({ content: " word" })])),
    event([delta({}, "stop")]),
    event([], { usage }),
    encoder.encode("data: [DONE]\n\n"),
  ];
}

const JSON_HEADERS = { "content-type": "application/json", "x-request-id": "req_bench" };
const SSE_HEADERS = { "content-type": "text/event-stream; charset=utf-8" };

const jsonAnswer =
  (body: string): typeof fetch =>
  () =>
    Promise.resolve(new Response(body, { headers: JSON_HEADERS }));

export const cannedChat: typeof fetch = jsonAnswer(CHAT);
export const cannedResponse: typeof fetch = jsonAnswer(RESPONSE);

/** A body whose chunks are there as soon as they are asked for. */
function streamed(chunks: readonly Uint8Array[], signal?: AbortSignal | null): Response {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
    pull(controller) {
      const chunk = chunks[next++];
      // Copied, as every chunk from a network is a buffer of its own.
      if (chunk) controller.enqueue(chunk.slice());
      else controller.close();
    },
  });
  return new Response(body, { headers: SSE_HEADERS });
}

const STREAM = createStreamChunks(STREAM_CHUNKS);
const SILENT_STREAM = STREAM.toSpliced(-2, 1);
const SHORT_STREAM = createStreamChunks(20);

/** Like OpenAI, it says the usage only to those who ask for it. */
export const cannedStream: typeof fetch = (_url, init) => {
  const asked = typeof init?.body === "string" && init.body.includes('"include_usage":true');
  return Promise.resolve(streamed(asked ? STREAM : SILENT_STREAM));
};

/** Breaks when its signal aborts. */
export const cannedShortStream: typeof fetch = (_url, init) =>
  Promise.resolve(streamed(SHORT_STREAM, init?.signal));

/** What an app asks of services that are no LLMs. */
export const cannedItems: typeof fetch = jsonAnswer(
  JSON.stringify({ items: Array.from({ length: 8 }, (_, id) => ({ id, name: `item ${id}` })) }),
);
