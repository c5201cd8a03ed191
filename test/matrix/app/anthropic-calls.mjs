import { requestArrived } from "./arrivals.mjs";
import { collect, collectUntil, describeError, describeResponse } from "./describe.mjs";

const messages = [{ role: "user", content: "Hello, how are you?" }];
const tools = [{ name: "weather", input_schema: { type: "object", properties: {} } }];

/** Every way that apps use the Anthropic SDK. */
export function anthropicCalls(sdk, baseUrl) {
  const Anthropic = sdk.default ?? sdk.Anthropic;
  const client = (scenario, options = {}) =>
    new Anthropic({
      apiKey: "sk-test",
      baseURL: baseUrl,
      maxRetries: 2,
      defaultHeaders: { "x-scenario": scenario },
      ...options,
    });
  const message = { model: "claude-sonnet-4-5", max_tokens: 500, messages };
  const streamed = { ...message, stream: true };
  const once = { maxRetries: 0 };

  return {
    "messages json": (n) => client(n).messages.create(message),
    "messages tools": (n) => client(n).messages.create({ ...message, tools }),
    "messages withResponse": async (n) => {
      const {
        data,
        response: raw,
        request_id,
      } = await client(n).messages.create(message).withResponse();
      return { data, raw: describeResponse(raw), hasRequestId: typeof request_id === "string" };
    },
    "messages asResponse": async (n) => {
      const raw = await client(n).messages.create(message).asResponse();
      const before = describeResponse(raw);
      const copy = raw.clone();
      return { before, text: await raw.text(), copy: await copy.json() };
    },
    "messages stream": async (n) => collect(await client(n).messages.create(streamed)),
    "messages stream tools": async (n) =>
      collect(await client(n).messages.create({ ...streamed, tools })),
    "messages stream withResponse": async (n) => {
      const { data, response: raw } = await client(n).messages.create(streamed).withResponse();
      return { raw: describeResponse(raw), ...(await collect(data)) };
    },
    "messages stream break": async (n) =>
      collect(await client(n).messages.create(streamed), (count) => count >= 5 && "break"),
    "messages stream abort": async (n) => {
      const stream = await client(n).messages.create(streamed);
      return collectUntil(stream, () => stream.controller.abort());
    },
    "messages stream tee": async (n) => {
      const [left, right] = (await client(n).messages.create(streamed)).tee();
      return Promise.all([collect(left), collect(right)]);
    },
    "messages stream toReadableStream": async (n) => {
      const stream = await client(n).messages.create(streamed);
      return new Response(stream.toReadableStream()).text();
    },
    "messages helper": async (n) => {
      const seen = [];
      const runner = client(n)
        .messages.stream(message)
        .on("text", (delta) => seen.push(delta));
      return { final: await runner.finalMessage(), seen };
    },
    "messages helper withResponse": async (n) => {
      const runner = client(n).messages.stream(message);
      const { response: raw } = await runner.withResponse();
      return { raw: describeResponse(raw), text: await runner.finalText() };
    },
    "messages helper abort": async (n) => {
      const runner = client(n).messages.stream(message);
      return collectUntil(runner, () => runner.abort());
    },
    "messages signal": async (n) => {
      const controller = new AbortController();
      const promise = client(n).messages.create(message, { signal: controller.signal });
      void requestArrived(n).then(() => controller.abort());
      return promise;
    },
    "messages timeout": (n) => client(n, { timeout: 300, ...once }).messages.create(message),
    ...(Anthropic.prototype.withOptions && {
      "messages withOptions": (n) =>
        client(n).withOptions({ timeout: 5_000, maxRetries: 1 }).messages.create(message),
    }),
    "messages custom fetch": async (n) => {
      const urls = [];
      const own = (url, init) => {
        urls.push(new URL(url).pathname);
        return fetch(url, init);
      };
      return { data: await client(n, { fetch: own }).messages.create(message), urls };
    },
    "messages retried": (n) => client(n).messages.create(message),
    "messages AbortSignal timeout": (n) =>
      client(n, once).messages.create(message, { signal: AbortSignal.timeout(300) }),
    "messages stream iterated twice": async (n) => {
      const stream = await client(n).messages.create(streamed);
      return [await collect(stream), await collect(stream)];
    },
    "messages stream next by hand": async (n) => {
      const iterator = (await client(n).messages.create(streamed))[Symbol.asyncIterator]();
      const items = [];
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
        items.push(step.value);
      }
      return items;
    },
    "messages beta json": (n) => client(n).beta.messages.create(message),
    "messages beta stream": async (n) => collect(await client(n).beta.messages.create(streamed)),
    "messages helper iterated": (n) => collect(client(n).messages.stream(message)),
    "messages asResponse stream": async (n) => {
      const raw = await client(n).messages.create(streamed).asResponse();
      return { before: describeResponse(raw), text: await raw.text() };
    },
    ...(client("").models && {
      "models pages": async (n) => {
        const ids = [];
        for await (const { id } of client(n).models.list({ limit: 2 })) ids.push(id);
        return ids;
      },
    }),
    "messages 400": (n) => client(n).messages.create(message),
    "messages 500": (n) => client(n, once).messages.create(message),
    "messages html": (n) => client(n, once).messages.create(message),
    "messages truncated json": (n) => client(n, once).messages.create(message),
    "messages stream broken event": async (n) =>
      collect(await client(n, once).messages.create(streamed)),
    "messages stream closed": async (n) => collect(await client(n, once).messages.create(streamed)),
    "messages stream error event": async (n) =>
      collect(await client(n, once).messages.create(streamed)),
    "budget refuses messages": (n) =>
      client(n)
        .messages.create({ ...message, model: "claude-3-5-haiku-latest" })
        .catch((error) => ({
          ...describeError(error),
          isApiError: error instanceof Anthropic.APIError,
        })),
  };
}
