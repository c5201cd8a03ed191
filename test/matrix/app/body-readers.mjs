import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text as readText } from "node:stream/consumers";
import { chatRequest as init } from "./chat-request.mjs";
import { describeError, describeResponse } from "./describe.mjs";

const readAll = async (reader, makeView) => {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = makeView ? await reader.read(makeView()) : await reader.read();
    if (value) text += decoder.decode(value, { stream: true });
    if (done) return text;
  }
};

/** Every way to read a body that the platform offers. */
export function bodyReaders({ fetch, Request, Response }, baseUrl) {
  const url = `${baseUrl}/v1/chat/completions`;
  const json = (n) => fetch(url, init(n, false));
  const sse = (n) => fetch(url, init(n, true));
  return {
    "raw json": async (n) => (await json(n)).json(),
    "raw text": async (n) => (await json(n)).text(),
    "raw arrayBuffer": async (n) => (await (await json(n)).arrayBuffer()).byteLength,
    "raw bytes": async (n) => (await (await json(n)).bytes()).length,
    "raw blob": async (n) => {
      const blob = await (await json(n)).blob();
      return { size: blob.size, type: blob.type };
    },
    "raw described": async (n) => {
      const response = await json(n);
      return { ...describeResponse(response, Response), body: await response.json() };
    },
    "raw Request": async (n) => (await fetch(new Request(url, init(n, false)))).json(),
    "raw bytes body": async (n) => {
      const { body, ...rest } = init(n, false);
      return (await fetch(url, { ...rest, body: new TextEncoder().encode(body) })).json();
    },
    "raw getReader": async (n) => readAll((await sse(n)).body.getReader()),
    "raw byob": async (n) =>
      readAll((await sse(n)).body.getReader({ mode: "byob" }), () => new Uint8Array(97)),
    "raw iterate": async (n) => {
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of (await sse(n)).body)
        text += decoder.decode(chunk, { stream: true });
      return text;
    },
    "raw two readers": async (n) => {
      const { body } = await sse(n);
      const first = body.getReader();
      const { value } = await first.read();
      first.releaseLock();
      const rest = await readAll(body.getReader());
      return new TextDecoder().decode(value) + rest;
    },
    "raw tee": async (n) => {
      const [left, right] = (await sse(n)).body.tee();
      return Promise.all([new Response(left).text(), new Response(right).text()]);
    },
    "raw clone": async (n) => {
      const response = await sse(n);
      const copy = response.clone();
      return Promise.all([response.text(), copy.text()]);
    },
    "raw clone after body": async (n) => {
      const response = await sse(n);
      const hadBody = response.body !== null;
      const copy = response.clone();
      return [hadBody, await readAll(copy.body.getReader()), await response.text()];
    },
    "raw pipeThrough": async (n) => {
      let text = "";
      for await (const part of (await sse(n)).body.pipeThrough(new TextDecoderStream()))
        text += part;
      return text;
    },
    "raw pipeTo": async (n) => {
      let text = "";
      const decoder = new TextDecoder();
      const sink = new WritableStream({
        write(chunk) {
          text += decoder.decode(chunk, { stream: true });
        },
      });
      await (await sse(n)).body.pipeTo(sink);
      return text;
    },
    "raw fromWeb": async (n) => readText(Readable.fromWeb((await sse(n)).body)),
    "raw pipeline": async (n) => {
      let text = "";
      await pipeline(Readable.fromWeb((await sse(n)).body), async (source) => {
        for await (const chunk of source) text += chunk;
      });
      return text;
    },
    "raw new Response": async (n) => new Response((await sse(n)).body).text(),
    "raw cancel": async (n) => {
      const { body } = await sse(n);
      const reader = body.getReader();
      await reader.read();
      await reader.cancel("enough");
      return "cancelled";
    },
    "raw body cancel": async (n) => {
      await (await sse(n)).body.cancel();
      return "cancelled";
    },
    "raw read twice": async (n) => {
      const response = await json(n);
      await response.json();
      return response.json().catch(describeError);
    },
    "raw get": async (n) => {
      const response = await fetch(url, { headers: { "x-scenario": n } });
      return { status: response.status, body: await response.json() };
    },
  };
}
