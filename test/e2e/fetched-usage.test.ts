import { createServer } from "node:http";
import Anthropic from "@anthropic-ai/sdk";
import type { UsageEvent } from "@tollgate/core";
import { createMeteredFetch, type Fetch } from "@tollgate/instrumentation/fetch";
import OpenAI from "openai";
import { describe, expect, onTestFinished, test } from "vitest";

const USAGE = { input_tokens: 1_000, output_tokens: 500 } as const;
const RESPONSE = {
  id: "resp_1",
  object: "response",
  status: "completed",
  background: true,
  error: null,
  model: "gpt-4o-mini",
  output: [],
  usage: { ...USAGE, total_tokens: 1_500 },
};
const BATCH_LINE = {
  id: "batch_req_1",
  custom_id: "a",
  response: {
    status_code: 200,
    request_id: "req_1",
    body: {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "gpt-4o-mini",
      choices: [{ index: 0, message: { role: "assistant", content: "4" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 },
    },
  },
  error: null,
};
const MESSAGE_LINE = {
  custom_id: "a",
  result: {
    type: "succeeded",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5",
      content: [{ type: "text", text: "Hi" }],
      stop_reason: "end_turn",
      usage: { ...USAGE, service_tier: "batch" },
    },
  },
};

interface Rig {
  readonly url: string;
  readonly fetch: Fetch;
  readonly events: UsageEvent[];
}

/** A server that has finished everything it was ever asked for, but for what is posted to it. */
async function startRig(): Promise<Rig> {
  const server = createServer((request, response) => {
    request.resume();
    const send = (value: object): void => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const path = request.url ?? "";
    const origin = `http://${request.headers.host ?? ""}`;
    if (request.method === "POST" && path.endsWith("/responses")) {
      send({ ...RESPONSE, status: "queued", usage: null });
    } else if (path.endsWith("/responses/resp_1?stream=true")) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const event = { type: "response.completed", sequence_number: 1, response: RESPONSE };
      response.end(`event: response.completed\ndata: ${JSON.stringify(event)}\n\n`);
    } else if (path.includes("/responses/")) send(RESPONSE);
    else if (path.includes("/messages/count_tokens")) send({ input_tokens: 9 });
    else if (path.endsWith("/results")) {
      response.writeHead(200, { "content-type": "application/x-jsonl" });
      response.end(`${JSON.stringify(MESSAGE_LINE)}\n`);
    } else if (path.includes("/messages/batches")) {
      const results_url = `${origin}/v1/messages/batches/msgbatch_1/results`;
      send({ id: "msgbatch_1", type: "message_batch", processing_status: "ended", results_url });
    } else if (path.includes("/batches")) {
      send({ id: "batch_1", object: "batch", status: "completed", output_file_id: "file-1" });
    } else if (path.includes("/files/file-1/content")) {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      response.end(`${JSON.stringify(BATCH_LINE)}\n`);
    } else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  const events: UsageEvent[] = [];
  const fetch = createMeteredFetch(globalThis.fetch, { onUsage: (event) => events.push(event) });
  return { url: `http://127.0.0.1:${address.port}`, fetch, events };
}

function createOpenAi({ url, fetch }: Rig): OpenAI {
  return new OpenAI({ apiKey: "test", baseURL: `${url}/v1`, fetch, maxRetries: 0 });
}

function createAnthropic({ url, fetch }: Rig): Anthropic {
  return new Anthropic({ apiKey: "test", baseURL: url, fetch, maxRetries: 0 });
}

describe("openai", () => {
  test("responses.retrieve brings the usage of a background response, once", async () => {
    const rig = await startRig();
    const client = createOpenAi(rig);
    const posted = await client.responses.create({
      model: "gpt-4o-mini",
      input: "Think.",
      background: true,
    });
    expect(posted.status).toBe("queued");
    const done = await client.responses.retrieve(posted.id);
    expect(done.usage?.output_tokens).toBe(500);
    for await (const event of await client.responses.retrieve(posted.id, { stream: true })) {
      expect(event.type).toBe("response.completed");
    }
    expect(rig.events).toMatchObject([
      { outcome: "pending", usage: undefined },
      { outcome: "ok", usage: { inputTokens: 1_000, outputTokens: 500 }, fetched: true },
    ]);
  });

  test("responses.retrieve as a stream brings it too", async () => {
    const rig = await startRig();
    const stream = await createOpenAi(rig).responses.retrieve("resp_1", { stream: true });
    for await (const event of stream) void event;
    expect(rig.events).toMatchObject([{ outcome: "ok", fetched: true }]);
  });

  test("files.content brings the usage of a batch", async () => {
    const rig = await startRig();
    const client = createOpenAi(rig);
    const created = await client.batches.create({
      input_file_id: "file-in",
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
    });
    const batch = await client.batches.retrieve(created.id);
    expect(rig.events).toEqual([]);
    const file = await client.files.content(batch.output_file_id ?? "");
    expect(JSON.parse(await file.text())).toEqual(BATCH_LINE);
    expect(rig.events).toMatchObject([
      { api: "openai.chat", usage: { inputTokens: 1_000, outputTokens: 500 }, fetched: true },
    ]);
  });
});

describe("@anthropic-ai/sdk", () => {
  test("messages.batches.results brings the usage of a batch, line by line", async () => {
    const rig = await startRig();
    const client = createAnthropic(rig);
    const messages = [{ role: "user" as const, content: "Hi" }];
    const params = { model: "claude-sonnet-4-5", max_tokens: 10, messages };
    const batch = await client.messages.batches.create({ requests: [{ custom_id: "a", params }] });
    expect(rig.events).toEqual([]);
    const results: unknown[] = [];
    for await (const result of await client.messages.batches.results(batch.id))
      results.push(result);
    expect(results).toEqual([MESSAGE_LINE]);
    expect(rig.events).toMatchObject([
      {
        api: "anthropic.messages",
        usage: { inputTokens: 1_000, outputTokens: 500 },
        fetched: true,
      },
    ]);
  });

  test("messages.countTokens is free", async () => {
    const rig = await startRig();
    const messages = [{ role: "user" as const, content: "Hi" }];
    await createAnthropic(rig).messages.countTokens({ model: "claude-sonnet-4-5", messages });
    expect(rig.events).toMatchObject([
      { operation: "count_tokens", usage: undefined, cost: { totalNanoUsd: 0 } },
    ]);
  });
});
