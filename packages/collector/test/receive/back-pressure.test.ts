import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ANONYMOUS } from "../../src/index.ts";
import { bytesOf, spanRequest } from "../otlp/decode-both.ts";
import { createHangingPipeline } from "./hanging-pipeline.ts";
import { headOf, sendRaw } from "./raw-http.ts";
import { startReceiver } from "./start-receiver.ts";

const BODY = bytesOf("traces", "json", spanRequest({ name: "x".repeat(1_000) }));
const LIMITS = {
  bodyBytes: 1_500,
  decompressedBytes: 1_500,
  queueBytes: 3_000,
  retryAfterMs: 7_000,
};

function post(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: BODY.toString(),
  });
}

test("what does not fit into the queue is a 429 at once, and fits again when others are answered", async () => {
  const pipeline = createHangingPipeline();
  const { url } = await startReceiver({ take: pipeline.take, limits: LIMITS });
  const first = [post(url), post(url)];
  await pipeline.untilWaiting(2);
  const refused = await post(url);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("7");
  pipeline.letGo();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  const later = post(url);
  await pipeline.untilWaiting(1);
  pipeline.letGo();
  expect((await later).status).toBe(200);
});

test("a sender that is sent away need not have sent its body", async () => {
  const pipeline = createHangingPipeline();
  const { url, port } = await startReceiver({
    take: pipeline.take,
    limits: { ...LIMITS, lingerMs: 20 },
  });
  const first = [post(url), post(url)];
  await pipeline.untilWaiting(2);
  const sender = await sendRaw(port, { "content-length": "1400" });
  expect(await sender.status()).toBe(429);
  // What it sends after that is not waited for.
  await sender.closed();
  pipeline.letGo();
  await Promise.all(first);
});

test("room is taken by what a body decompresses to", async () => {
  const pipeline = createHangingPipeline();
  const { url } = await startReceiver({ take: pipeline.take, limits: LIMITS });
  const gzipped = (): Promise<Response> =>
    fetch(`${url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: Uint8Array.from(gzipSync(BODY)),
    });
  const first = [gzipped(), gzipped()];
  await pipeline.untilWaiting(2);
  expect((await gzipped()).status).toBe(429);
  pipeline.letGo();
  await Promise.all(first);
});

test("an authenticated caller fills its share only, so others get in", async () => {
  const pipeline = createHangingPipeline();
  const { url } = await startReceiver({
    take: pipeline.take,
    limits: { ...LIMITS, queueBytes: 6_000 },
    authenticate: ({ header }) => ({
      known: true,
      caller: { id: header("x-caller") ?? "", attribution: {} },
    }),
  });
  const first = [post(url, { "x-caller": "a" }), post(url, { "x-caller": "a" })];
  await pipeline.untilWaiting(2);
  expect((await post(url, { "x-caller": "a" })).status).toBe(429);
  const other = post(url, { "x-caller": "b" });
  await pipeline.untilWaiting(3);
  pipeline.letGo();
  expect((await other).status).toBe(200);
  await Promise.all(first);
});

test("a sender that takes too long for its body is a 408, and its room is free again", async () => {
  const { url, port } = await startReceiver({ limits: { ...LIMITS, bodyMs: 30, lingerMs: 20 } });
  const sender = await sendRaw(port, { "content-length": "1400" });
  sender.socket.write("{");
  expect(await sender.status()).toBe(408);
  await sender.closed();
  expect((await post(url)).status).toBe(200);
});

test("a body without end is a 413, and the connection is cut", async () => {
  const { port, received } = await startReceiver({ limits: { ...LIMITS, lingerMs: 20 } });
  const sender = await sendRaw(port, { "transfer-encoding": "chunked" });
  const chunk = `400\r\n${" ".repeat(1_024)}\r\n`;
  const writing = setInterval(() => sender.socket.write(chunk), 1);
  expect(await sender.status()).toBe(413);
  await sender.closed();
  clearInterval(writing);
  expect(received).toEqual([]);
});

test("a sender that leaves gives its room back", async () => {
  const { url, port } = await startReceiver({ limits: { ...LIMITS, queueRequests: 1 } });
  const sender = await sendRaw(port, { "content-length": "1400" });
  // Until it is taken in, others are.
  while ((await post(url)).status === 200);
  sender.socket.destroy();
  await once(sender.socket, "close");
  while ((await post(url)).status === 429);
  expect((await post(url)).status).toBe(200);
});

test.each([
  ["before it is read", { "content-length": "200000" }],
  ["while it is read", { "content-length": "1000", "content-encoding": "gzip" }],
])("a connection goes on after a body that was refused %s", async (_, headers) => {
  const { port, received } = await startReceiver({ limits: LIMITS });
  const sender = await sendRaw(port, headers);
  const bomb = Buffer.alloc(Number(headers["content-length"]), gzipSync(Buffer.alloc(500_000)));
  sender.socket.write(bomb);
  expect(await sender.status()).toBe(413);
  sender.socket.write(`${headOf({ "content-length": "2" })}{}`);
  expect(await sender.status(2)).toBe(200);
  expect(received).toHaveLength(1);
});

test("a hundred senders at once are all taken, if there is room", async () => {
  const { url, received } = await startReceiver();
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(url)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(received).toHaveLength(100);
});

test("a sender that leaves before it is known takes no room", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  let first = true;
  const { url, port, server } = await startReceiver({
    limits: { ...LIMITS, queueRequests: 1 },
    async authenticate() {
      if (first) {
        first = false;
        asked.resolve();
        await answer.promise;
      }
      return { known: true, caller: ANONYMOUS };
    },
  });
  const left = new Promise<void>((resolve) => {
    server.server.once("connection", (socket: Socket) => socket.once("close", () => resolve()));
  });
  const sender = await sendRaw(port, { "content-length": "1400" });
  await asked.promise;
  sender.socket.destroy();
  await left;
  answer.resolve();
  expect((await post(url)).status).toBe(200);
});
