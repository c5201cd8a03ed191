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

const STREAM_CHUNKS = 500;

const delta = (content: object, finishReason: string | null = null): object => ({
  index: 0,
  delta: content,
  logprobs: null,
  finish_reason: finishReason,
});

const encoder = new TextEncoder();
const STREAM = createStreamChunks();

function createStreamChunks(): readonly Uint8Array[] {
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
    ...Array.from({ length: STREAM_CHUNKS - 4 }, () => event([delta({ content: " word" })])),
    event([delta({}, "stop")]),
    event([], { usage }),
    encoder.encode("data: [DONE]\n\n"),
  ];
}

const JSON_HEADERS = { "content-type": "application/json", "x-request-id": "req_bench" };
const SSE_HEADERS = { "content-type": "text/event-stream; charset=utf-8" };

export const cannedChat: typeof fetch = () =>
  Promise.resolve(new Response(CHAT, { headers: JSON_HEADERS }));

/** A body whose chunks are there as soon as they are asked for. */
export const cannedStream: typeof fetch = () => {
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = STREAM[next++];
      // Copied, as every chunk from a network is a buffer of its own.
      if (chunk) controller.enqueue(chunk.slice());
      else controller.close();
    },
  });
  return Promise.resolve(new Response(body, { headers: SSE_HEADERS }));
};
