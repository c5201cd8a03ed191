import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createFakeClock,
  hasToolResult,
  startFakeProvider,
  type FakeProvider,
  type FakeProviderOptions,
} from "../src/index.ts";
import { ASK, at, CHAT, joinTexts, MESSAGES, post, readEvents, RESPONSES } from "./wire.ts";

let provider: FakeProvider;
async function restart(options: FakeProviderOptions): Promise<void> {
  await provider.close();
  provider = await startFakeProvider(options);
}
beforeEach(async () => {
  provider = await startFakeProvider();
});
afterEach(() => provider.close());

describe("choosing a script", () => {
  it("takes the queue first, then respond, then the default", async () => {
    await restart({
      script: { text: "default" },
      respond: ({ body }) => (body["user"] === "ann" ? { text: "for ann" } : undefined),
    });
    provider.enqueue({ text: "queued" });
    const say = async (user: string): Promise<unknown> =>
      at(await (await post(provider, CHAT, { user })).json(), "choices", 0, "message", "content");
    expect(await say("ann")).toBe("queued");
    expect(await say("ann")).toBe("for ann");
    expect(await say("bob")).toBe("default");
  });

  it("answers a wrong script with a 400 that says what is wrong", async () => {
    provider.enqueue({ usage: { inputTokens: 5, cacheReadTokens: 10 } });
    const response = await post(provider, MESSAGES);
    expect(response.status).toBe(400);
    expect(at(await response.json(), "error", "message")).toMatch(
      /script is wrong: usage\.inputTokens \(5\) is all input/,
    );
  });

  it("answers with a 400 when respond throws", async () => {
    await restart({
      respond: () => {
        throw new Error("no such case");
      },
    });
    const response = await post(provider, CHAT);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("no such case");
  });

  it.each([0, -1, Number.NaN])("refuses to split into pieces of %d bytes", async (split) => {
    provider.enqueue({ split });
    expect(await (await post(provider, CHAT)).text()).toContain("not a number of bytes");
  });
});

describe("what a real server refuses", () => {
  it("an unknown URL", async () => {
    const response = await post(provider, "/v1/nonsense");
    expect(response.status).toBe(404);
    expect(at(await response.json(), "error", "message")).toBe("Invalid URL (POST /v1/nonsense)");
    expect(provider.requests[0]?.api).toBeUndefined();
  });

  it("a body that is no JSON", async () => {
    const response = await post(provider, CHAT, {}, { body: "{" });
    expect(response.status).toBe(400);
    expect(provider.requests[0]?.body).toEqual({});
  });

  it("a wrong key, when it was given the right one", async () => {
    await restart({ apiKey: "right" });
    const chat = (key: string): Promise<Response> =>
      post(provider, CHAT, {}, { headers: { authorization: `Bearer ${key}` } });
    expect((await chat("wrong")).status).toBe(401);
    expect((await chat("right")).status).toBe(200);
    const messages = await post(provider, MESSAGES, {}, { headers: { "x-api-key": "right" } });
    expect(messages.status).toBe(200);
  });
});

describe("records", () => {
  it("hold what was sent and what went back", async () => {
    const response = await post(provider, RESPONSES, {}, { headers: { "X-Trace": "7" } });
    const text = await response.text();
    const [request] = provider.requests;
    await request?.ended;
    expect(request).toMatchObject({
      api: "openai.responses",
      method: "POST",
      path: RESPONSES,
      body: ASK[RESPONSES],
      bytesWritten: Buffer.byteLength(text),
      writes: 1,
      closedByClient: false,
    });
    expect(request?.headers["x-trace"]).toBe("7");
  });

  it("know whether a tool has answered, in each API", async () => {
    await post(provider, CHAT, { messages: [{ role: "tool", tool_call_id: "1", content: "4" }] });
    await post(provider, RESPONSES, { input: [{ type: "function_call_output", output: "4" }] });
    await post(provider, MESSAGES, {
      messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "1" }] }],
    });
    await post(provider, CHAT, { messages: [{ role: "user", content: '"role":"tool"' }] });
    expect(provider.requests.map(hasToolResult)).toEqual([true, true, true, false]);
  });

  it("take the time from the clock", async () => {
    await restart({ clock: createFakeClock(5000) });
    await post(provider, CHAT);
    expect(provider.requests[0]?.startedAtMs).toBe(5000);
  });
});

describe("time", () => {
  it("waits before the head and before each chunk", async () => {
    const clock = createFakeClock();
    await restart({ clock });
    provider.enqueue({ chunks: ["a", "b"], delayMs: 100, chunkDelayMs: 10 });
    const answer = post(provider, CHAT, { stream: true });
    await until(() => clock.sleeping === 1);
    expect(provider.requests[0]?.bytesWritten).toBe(0);
    await clock.advance(100);
    const response = await answer;
    await until(() => clock.sleeping === 1);
    const before = provider.requests[0]?.writes;
    await clock.advance(10);
    await until(() => clock.sleeping === 1);
    expect(provider.requests[0]?.writes).toBe((before ?? 0) + 1);
    await clock.advance(10);
    expect(await readEvents(response)).toHaveLength(5);
  });
});

describe("trouble", () => {
  it("notices that the client went away from a stream that hangs", async () => {
    provider.enqueue({ chunks: ["a", "b", "c"], hangAfterChunks: 1 });
    const abort = new AbortController();
    const response = await post(provider, CHAT, { stream: true }, bodyWith(abort.signal));
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(first?.done).toBe(false);
    abort.abort();
    const [request] = provider.requests;
    await request?.ended;
    expect(request?.closedByClient).toBe(true);
    expect(request?.writes).toBe(2);
  });

  it("notices that the client went away while it waited", async () => {
    const clock = createFakeClock();
    await restart({ clock });
    provider.enqueue({ delayMs: 60_000 });
    const abort = new AbortController();
    const answer = post(provider, CHAT, {}, bodyWith(abort.signal));
    await until(() => clock.sleeping === 1);
    abort.abort();
    await expect(answer).rejects.toThrow("aborted");
    const [request] = provider.requests;
    await request?.ended;
    expect(request).toMatchObject({ closedByClient: true, bytesWritten: 0 });
    expect(clock.sleeping).toBe(0);
  });

  it("destroys the connection in the middle of a stream", async () => {
    provider.enqueue({ chunks: ["a", "b", "c"], closeAfterChunks: 2 });
    const response = await post(provider, CHAT, { stream: true });
    await expect(response.text()).rejects.toThrow("terminated");
    const [request] = provider.requests;
    await request?.ended;
    expect(request).toMatchObject({ closedByClient: false, writes: 3 });
  });

  it("destroys the connection in the middle of a JSON body", async () => {
    provider.enqueue({ closeAfterChunks: 0 });
    const response = await post(provider, CHAT);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("fails before the first chunk, after what comes before it", async () => {
    provider.enqueue({ failAfterChunks: 0 });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    expect(events.map(({ event }) => event)).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "error",
    ]);
  });

  it("fails after the last chunk, before what ends the stream", async () => {
    provider.enqueue({ chunks: ["a", "b"], failAfterChunks: 2 });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    expect(events.at(-2)?.event).toBe("content_block_delta");
    expect(events.at(-1)?.event).toBe("error");
  });

  it("sends a JSON body that ends half way", async () => {
    provider.enqueue({ malformed: "truncated" });
    const response = await post(provider, CHAT);
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it("sends a stream with one event that is no JSON", async () => {
    provider.enqueue({ chunks: ["a", "b", "c", "d"], malformed: "broken-event" });
    const text = await (await post(provider, MESSAGES, { stream: true })).text();
    const broken = text.split("\n").filter((line) => {
      try {
        JSON.parse(line.replace(/^data: /, ""));
        return false;
      } catch {
        return line.startsWith("data: ");
      }
    });
    expect(broken).toHaveLength(1);
    expect(text).toContain("message_stop");
  });

  it("ends a stream without its terminal events", async () => {
    provider.enqueue({ chunks: ["a", "b"], malformed: "no-terminal-event" });
    const events = await readEvents(await post(provider, MESSAGES, { stream: true }));
    expect(events.at(-1)?.event).toBe("content_block_delta");
  });

  it("sends raw bytes as they are", async () => {
    provider.enqueue({ rawBody: "<html>", rawContentType: "text/html", status: 502 });
    const response = await post(provider, CHAT);
    expect(response.status).toBe(502);
    expect(response.headers.get("content-type")).toBe("text/html");
    expect(await response.text()).toBe("<html>");
  });

  it("adds the script's headers", async () => {
    provider.enqueue({ headers: { "x-should-retry": "false" } });
    expect((await post(provider, CHAT)).headers.get("x-should-retry")).toBe("false");
  });

  it("closes with requests under way and blames no client", async () => {
    provider.enqueue({ hangAfterChunks: 0 });
    const response = await post(provider, CHAT, { stream: true });
    await provider.close();
    await expect(response.text()).rejects.toThrow("terminated");
    expect(provider.requests[0]?.closedByClient).toBe(false);
  });
});

describe("split bodies", () => {
  const text = "Grüße, 世界 🌉! ".repeat(5);

  it.each(["odd", 1, 2, 1000] as const)("lose nothing when cut by %s", async (split) => {
    for (const stream of [true, false]) {
      provider.enqueue({ text, split });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const response = await post(provider, MESSAGES, { stream });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await answerText(response, stream)).toBe(text);
    }
  });

  it("reach the client in odd pieces, through characters and events", async () => {
    provider.enqueue({ text, split: "odd" });
    const response = await post(provider, MESSAGES, { stream: true });
    const sizes: number[] = [];
    for await (const piece of response.body ?? []) sizes.push(piece.length);
    // The network may join a few.
    expect(sizes.length).toBeGreaterThan((provider.requests[0]?.writes ?? 0) * 0.9);
    expect(Math.min(...sizes)).toBe(1);
  });
});

function bodyWith(signal: AbortSignal): RequestInit {
  return { signal };
}

async function answerText(response: Response, stream: boolean): Promise<string> {
  if (!stream) return String(at(await response.json(), "content", 0, "text"));
  const events = await readEvents(response);
  return joinTexts(events.map(({ data }) => at(data, "delta", "text")));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    await new Promise((resolve) => setImmediate(resolve));
  }
}
