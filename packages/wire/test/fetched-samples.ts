import {
  createFetchedReader,
  matchFetched,
  type FetchedBatch,
  type FetchedReader,
  type FetchedResult,
  type MatchedFetch,
} from "../src/index.ts";

export const FILE_URL = "https://api.openai.com/v1/files/file-abc123/content";
export const RESULTS_URL = "https://api.anthropic.com/v1/messages/batches/msgbatch_01/results";

export function fetchAt(url: string, method = "GET"): MatchedFetch {
  const fetch = matchFetched(method, url);
  if (fetch === undefined) throw new Error(`nothing to fetch at ${url}`);
  return fetch;
}

export interface Fetched {
  readonly reader: FetchedReader;
  readonly results: FetchedResult[];
  readonly batches: FetchedBatch[];
  readonly problems: string[];
}

export function open(url: string, contentType = "application/octet-stream"): Fetched {
  const results: FetchedResult[] = [];
  const batches: FetchedBatch[] = [];
  const problems: string[] = [];
  const reader = createFetchedReader(fetchAt(url), contentType, {
    onResult: (result) => results.push(result),
    onBatch: (batch) => batches.push(batch),
    onProblem: (problem) => problems.push(problem),
  });
  if (reader === undefined) throw new Error(`nothing to read in ${contentType}`);
  return { reader, results, batches, problems };
}

/** What is read of a body that comes in chunks of a size. */
export function read(url: string, body: string, contentType?: string, chunkBytes = 7): Fetched {
  const fetched = open(url, contentType);
  const bytes = new TextEncoder().encode(body);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    fetched.reader.write(bytes.slice(at, at + chunkBytes));
  }
  fetched.reader.end();
  return fetched;
}

export function lines(...values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** A line as OpenAI's reference shows it. */
export function chatLine(index: number, more: object = {}): object {
  return {
    id: `batch_req_${index}`,
    custom_id: `request-${index}`,
    response: {
      status_code: 200,
      request_id: `req_${index}`,
      body: {
        id: `chatcmpl-${index}`,
        object: "chat.completion",
        created: 1_711_475_054,
        model: "gpt-4o-mini-2024-07-18",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "2 + 2 equals 4. Ünïcödé" },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage: {
          prompt_tokens: 24,
          completion_tokens: 15,
          total_tokens: 39,
          prompt_tokens_details: { cached_tokens: 8 },
        },
        system_fingerprint: null,
      },
    },
    error: null,
    ...more,
  };
}

/** A line as Anthropic's guide to batches shows it. */
export function messageLine(index: number): object {
  return {
    custom_id: `my-request-${index}`,
    result: {
      type: "succeeded",
      message: {
        id: `msg_${index}`,
        type: "message",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [{ type: "text", text: "Hello again!" }],
        stop_reason: "end_turn",
        stop_sequence: null,
        usage: { input_tokens: 11, output_tokens: 36, service_tier: "batch" },
      },
    },
  };
}

export const STORED_RESPONSE = {
  id: "resp_67ccd2bed1ec8190",
  object: "response",
  created_at: 1_741_476_542,
  status: "completed",
  background: true,
  error: null,
  incomplete_details: null,
  model: "gpt-5-mini-2025-08-07",
  output: [
    {
      type: "message",
      id: "msg_1",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: "In a peaceful grove", annotations: [] }],
    },
  ],
  service_tier: "default",
  store: true,
  usage: {
    input_tokens: 36,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 87,
    output_tokens_details: { reasoning_tokens: 64 },
    total_tokens: 123,
  },
} as const;
