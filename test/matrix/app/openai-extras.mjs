import { collect, collectUntil, describeResponse } from "./describe.mjs";

const messages = [{ role: "user", content: "Hello, how are you?" }];
const chat = { model: "gpt-4o-mini", messages };
const streamed = { ...chat, stream: true, stream_options: { include_usage: true } };
const response = { model: "gpt-5-mini", input: "Hello, how are you?" };
const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather.",
    parameters: { type: "object", properties: {} },
    parse: JSON.parse,
    function: () => "sunny",
  },
};

/** What apps do less often, and where tools that wrap the SDK's methods are known to break them. */
export function openaiExtras(sdk, baseUrl) {
  const OpenAI = sdk.default ?? sdk.OpenAI;
  const client = (scenario, options = {}) =>
    new OpenAI({
      apiKey: "sk-test",
      baseURL: `${baseUrl}/v1`,
      maxRetries: 0,
      defaultHeaders: { "x-scenario": scenario },
      ...options,
    });
  const helpers = (n) => (client(n).chat.completions.stream ? client(n) : client(n).beta);

  return {
    "chat _thenUnwrap": (n) =>
      client(n)
        .chat.completions.create(chat)
        // oxlint-disable-next-line no-underscore-dangle -- other SDKs build on it
        ._thenUnwrap(({ choices }) => choices[0].message.content),
    "chat then, catch, finally": (n) =>
      client(n)
        .chat.completions.create(chat)
        .then(({ usage }) => usage)
        .catch(() => "caught")
        .finally(() => {}),
    "chat promise awaited twice": async (n) => {
      const promise = client(n).chat.completions.create(chat);
      return [await promise, await promise, describeResponse(await promise.asResponse())];
    },
    "chat promise's class": async (n) => {
      const promise = client(n).chat.completions.create(chat);
      const told = [promise.constructor.name, promise instanceof Promise];
      return { told, data: await promise };
    },
    "chat asResponse unread": async (n) =>
      describeResponse(await client(n).chat.completions.create(chat).asResponse()),
    "chat asResponse stream": async (n) => {
      const raw = await client(n).chat.completions.create(streamed).asResponse();
      return { before: describeResponse(raw), text: await raw.text() };
    },
    "chat AbortSignal timeout": (n) =>
      client(n).chat.completions.create(chat, { signal: AbortSignal.timeout(300) }),
    "chat timeout retried once": (n) =>
      client(n, { maxRetries: 1, timeout: 300 }).chat.completions.create(chat),
    "chat stream aborted by AbortSignal.timeout": async (n) =>
      collect(
        await client(n).chat.completions.create(streamed, { signal: AbortSignal.timeout(600) }),
      ),
    "chat stream iterated twice": async (n) => {
      const stream = await client(n).chat.completions.create(streamed);
      return [await collect(stream), await collect(stream)];
    },
    "chat stream next by hand": async (n) => {
      const iterator = (await client(n).chat.completions.create(streamed))[Symbol.asyncIterator]();
      const items = [];
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
        items.push(step.value);
      }
      return items;
    },
    "chat stream's class": async (n) => {
      const stream = await client(n).chat.completions.create(streamed);
      const told = [stream.constructor.name, Object.keys(stream).toSorted()];
      return { told, ...(await collect(stream)) };
    },
    "chat stream tee, one branch left": async (n) => {
      const [left, right] = (await client(n).chat.completions.create(streamed)).tee();
      const start = await collect(left, (count) => count >= 3 && "break");
      return [start, await collect(right)];
    },
    "chat helper parse stream": async (n) => {
      const json_schema = { name: "answer", schema: { type: "object", properties: {} } };
      const response_format = { type: "json_schema", json_schema };
      return helpers(n)
        .chat.completions.stream({ ...streamed, response_format })
        .finalChatCompletion();
    },
    "chat helper events": async (n) => {
      const seen = [];
      const runner = helpers(n).chat.completions.stream(streamed);
      for (const name of ["connect", "chunk", "message", "finalContent", "totalUsage", "end"]) {
        runner.on(name, () => seen.push(name));
      }
      await runner.done();
      return { seen, usage: await runner.totalUsage() };
    },
    "chat helper fromReadableStream": async (n) => {
      const stream = await client(n).chat.completions.create(streamed);
      const runner = helpers(n).chat.completions.stream(streamed).constructor;
      return runner.fromReadableStream(stream.toReadableStream()).finalContent();
    },
    "chat runTools tools": (n) =>
      helpers(n)
        .chat.completions.runTools({ ...chat, tools: [weather] })
        .finalContent(),
    "responses withResponse": async (n) => {
      const { data, response: raw } = await client(n).responses.create(response).withResponse();
      return { data, raw: describeResponse(raw) };
    },
    "responses stream withResponse": async (n) => {
      const { data, response: raw } = await client(n)
        .responses.create({ ...response, stream: true })
        .withResponse();
      return { raw: describeResponse(raw), ...(await collect(data)) };
    },
    "responses stream abort": async (n) => {
      const stream = await client(n).responses.create({ ...response, stream: true });
      return collectUntil(stream, () => stream.controller.abort());
    },
    "responses stream tee": async (n) => {
      const [left, right] = (await client(n).responses.create({ ...response, stream: true })).tee();
      return Promise.all([collect(left), collect(right)]);
    },
    "post by hand json": (n) => client(n).post("/chat/completions", { body: chat }),
    "transcription of a file json": async (n) =>
      client(n, { baseURL: `${namedHost(baseUrl)}/v1` }).audio.transcriptions.create({
        model: "gpt-4o-transcribe",
        file: await sound(sdk),
      }),
    "file upload": async (n) =>
      client(n).files.create({
        purpose: "batch",
        file: await sdk.toFile(Buffer.from("{}"), "a.jsonl"),
      }),
    "files pages": async (n) => {
      const ids = [];
      for await (const { id } of client(n).files.list({ limit: 2 })) ids.push(id);
      return ids;
    },
    "files getNextPage": async (n) => {
      const first = await client(n).files.list({ limit: 2 });
      const second = await first.getNextPage();
      return [first.hasNextPage(), first.data, second.data];
    },
  };
}

/** The same server by the name that the meter is told of. */
function namedHost(baseUrl) {
  return baseUrl.replace("127.0.0.1", "localhost");
}

function sound(sdk) {
  return sdk.toFile(Buffer.alloc(2_000, 7), "speech.mp3", { type: "audio/mpeg" });
}
