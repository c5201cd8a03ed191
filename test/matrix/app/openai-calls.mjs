import { requestArrived } from "./arrivals.mjs";
import { closedAddress } from "./closed-address.mjs";
import { collect, collectUntil, describeError, describeResponse } from "./describe.mjs";

const messages = [{ role: "user", content: "Hello, how are you?" }];
const tools = [
  {
    type: "function",
    function: { name: "weather", parameters: { type: "object", properties: {} } },
  },
];

// Until openai 5 these were beta.
const parser = ({ chat: { completions }, beta }) =>
  completions.parse ? completions : beta.chat.completions;
const streamer = ({ chat: { completions }, beta }) =>
  completions.stream ? completions : beta.chat.completions;

/** Every way that apps use the OpenAI SDK, chat completions and responses. */
export function openaiCalls(sdk, baseUrl) {
  const OpenAI = sdk.default ?? sdk.OpenAI;
  const client = (scenario, options = {}) =>
    new OpenAI({
      apiKey: "sk-test",
      baseURL: `${baseUrl}/v1`,
      maxRetries: 2,
      defaultHeaders: { "x-scenario": scenario },
      ...options,
    });
  const chat = { model: "gpt-4o-mini", messages };
  const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };
  const response = { model: "gpt-5-mini", input: "Hello, how are you?" };
  const oneTry = { maxRetries: 0 };

  return {
    // First, so that it has been abandoned by the time the app ends.
    "chat stream unread": async (n) => {
      await client(n).chat.completions.create(streamed);
      return "never read";
    },
    "chat json": (n) => client(n).chat.completions.create(chat),
    "chat tools": (n) => client(n).chat.completions.create({ ...chat, tools }),
    "chat withResponse": async (n) => {
      const {
        data,
        response: raw,
        request_id,
      } = await client(n).chat.completions.create(chat).withResponse();
      return { data, raw: describeResponse(raw), hasRequestId: typeof request_id === "string" };
    },
    "chat asResponse": async (n) => {
      const raw = await client(n).chat.completions.create(chat).asResponse();
      const before = describeResponse(raw);
      const copy = raw.clone();
      return { before, text: await raw.text(), copy: await copy.json(), used: raw.bodyUsed };
    },
    "chat parse": async (n) =>
      parser(client(n)).parse({
        ...chat,
        response_format: {
          type: "json_schema",
          json_schema: { name: "answer", strict: true, schema: { type: "object", properties: {} } },
        },
      }),
    "chat stream": async (n) => collect(await client(n).chat.completions.create(streamed)),
    "chat stream without usage": async (n) =>
      collect(await client(n).chat.completions.create({ ...chat, stream: true })),
    "chat stream tools": async (n) =>
      collect(await client(n).chat.completions.create({ ...streamed, tools })),
    "chat stream withResponse": async (n) => {
      const { data, response: raw } = await client(n)
        .chat.completions.create(streamed)
        .withResponse();
      return { raw: describeResponse(raw), ...(await collect(data)) };
    },
    "chat stream break": async (n) =>
      collect(await client(n).chat.completions.create(streamed), (count) => count >= 4 && "break"),
    "chat stream abort": async (n) => {
      const stream = await client(n).chat.completions.create(streamed);
      return collectUntil(stream, () => stream.controller.abort());
    },
    "chat stream signal": async (n) => {
      const controller = new AbortController();
      const stream = await client(n).chat.completions.create(streamed, {
        signal: controller.signal,
      });
      return collectUntil(stream, () => controller.abort());
    },
    "chat stream tee": async (n) => {
      const [left, right] = (await client(n).chat.completions.create(streamed)).tee();
      return Promise.all([collect(left), collect(right)]);
    },
    "chat stream toReadableStream": async (n) => {
      const stream = await client(n).chat.completions.create(streamed);
      return new Response(stream.toReadableStream()).text();
    },
    "chat stream helper": async (n) => {
      const seen = [];
      const runner = streamer(client(n))
        .stream(streamed)
        .on("content", (delta) => seen.push(delta));
      return { final: await runner.finalChatCompletion(), seen };
    },
    "chat stream helper abort": async (n) => {
      const runner = streamer(client(n)).stream(streamed);
      return collectUntil(runner, () => runner.abort());
    },
    "chat signal": async (n) => {
      const controller = new AbortController();
      const promise = client(n).chat.completions.create(chat, { signal: controller.signal });
      void requestArrived(n).then(() => controller.abort());
      return promise;
    },
    "chat aborted before": (n) =>
      client(n).chat.completions.create(chat, { signal: AbortSignal.abort() }),
    "chat timeout": (n) => client(n, { timeout: 300, ...oneTry }).chat.completions.create(chat),
    ...(OpenAI.prototype.withOptions && {
      "chat withOptions": (n) =>
        client(n).withOptions({ timeout: 5_000, maxRetries: 1 }).chat.completions.create(chat),
    }),
    "chat custom fetch": async (n) => {
      const urls = [];
      const own = (url, init) => {
        urls.push(new URL(url).pathname);
        return fetch(url, init);
      };
      return { data: await client(n, { fetch: own }).chat.completions.create(chat), urls };
    },
    "chat retried": (n) => client(n).chat.completions.create(chat),
    "chat 400": (n) => client(n).chat.completions.create(chat),
    "chat 429": (n) => client(n, { maxRetries: 1 }).chat.completions.create(chat),
    "chat 500": (n) => client(n, oneTry).chat.completions.create(chat),
    "chat refused connection": async (n) => {
      const baseURL = `${await closedAddress()}/v1`;
      return client(n, { ...oneTry, baseURL }).chat.completions.create(chat);
    },
    "chat html": (n) => client(n, oneTry).chat.completions.create(chat),
    "chat truncated json": (n) => client(n, oneTry).chat.completions.create(chat),
    "chat closed json": (n) => client(n, oneTry).chat.completions.create(chat),
    "chat stream broken event": async (n) =>
      collect(await client(n, oneTry).chat.completions.create(streamed)),
    "chat stream closed": async (n) =>
      collect(await client(n, oneTry).chat.completions.create(streamed)),
    "chat stream error event": async (n) =>
      collect(await client(n, oneTry).chat.completions.create(streamed)),
    "responses json": (n) => client(n).responses.create(response),
    "responses parse": (n) => client(n).responses.parse(response),
    "responses stream": async (n) =>
      collect(await client(n).responses.create({ ...response, stream: true })),
    "responses stream break": async (n) =>
      collect(
        await client(n).responses.create({ ...response, stream: true }),
        (count) => count >= 5 && "break",
      ),
    "responses stream helper": async (n) => {
      const stream = client(n).responses.stream(response);
      const { items } = await collect(stream);
      return { types: items.map((event) => event.type), final: await stream.finalResponse() };
    },
    "responses asResponse": async (n) => {
      const raw = await client(n).responses.create(response).asResponse();
      return { before: describeResponse(raw), bytes: (await raw.arrayBuffer()).byteLength };
    },
    "responses error event": async (n) =>
      collect(await client(n, oneTry).responses.create({ ...response, stream: true })),
    "budget refuses chat": (n) =>
      client(n)
        .chat.completions.create({ ...chat, model: "gpt-4.1-nano" })
        .catch((error) => ({
          ...describeError(error),
          isApiError: error instanceof OpenAI.APIError,
        })),
  };
}
