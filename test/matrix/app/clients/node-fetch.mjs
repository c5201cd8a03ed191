import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text as readText } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { chatRequest } from "../chat-request.mjs";
import { describeError } from "../describe.mjs";
import { rawChat } from "../raw-chat.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

/** Bodies are Node's streams. */
export function scenarios([module], baseUrl) {
  const fetch = module.default ?? module;
  // Version 3 ends the process when the signal of a request with a body is aborted from the start.
  const cannot = module.Blob ? ["abortedBefore"] : [];
  return {
    ...nodeBodyReaders(fetch, module, `${baseUrl}/v1/chat/completions`),
    ...usualScenarios("usual raw", rawChat(fetch, baseUrl, texts, cannot)),
  };
}

async function* texts(body) {
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}

function nodeBodyReaders(fetch, { Request, Response, FetchError }, url) {
  const json = (n) => fetch(url, chatRequest(n, false));
  const sse = (n) => fetch(url, chatRequest(n, true));
  return {
    "raw json": async (n) => (await json(n)).json(),
    "raw text": async (n) => (await json(n)).text(),
    "raw arrayBuffer": async (n) => (await (await json(n)).arrayBuffer()).byteLength,
    "raw blob": async (n) => (await (await json(n)).blob()).size,
    "raw described": async (n) => {
      const response = await json(n);
      const { status, ok, statusText, bodyUsed, headers } = response;
      const told = {
        status,
        ok,
        statusText,
        bodyUsed,
        contentType: headers.get("content-type"),
        isResponse: response instanceof Response,
        class: response.constructor.name,
        ownKeys: Reflect.ownKeys(response).map(String),
        stream: response.body.constructor.name,
      };
      return { ...told, body: await response.json() };
    },
    "raw Request": async (n) => (await fetch(new Request(url, chatRequest(n, false)))).json(),
    "raw bytes body": async (n) => {
      const { body, ...rest } = chatRequest(n, false);
      return (await fetch(url, { ...rest, body: Buffer.from(body) })).json();
    },
    "raw iterate": async (n) => readText((await sse(n)).body),
    "raw data events": async (n) => {
      const { body } = await sse(n);
      let text = "";
      body.setEncoding("utf8").on("data", (part) => (text += part));
      await once(body, "end");
      return text;
    },
    "raw read()": async (n) => {
      const { body } = await sse(n);
      const parts = [];
      body.on("readable", () => {
        for (let part = body.read(); part !== null; part = body.read()) parts.push(part);
      });
      await once(body, "end");
      return Buffer.concat(parts).toString();
    },
    "raw pipe": async (n) => readText((await sse(n)).body.pipe(new PassThrough())),
    "raw pipeline": async (n) => {
      let text = "";
      await pipeline((await sse(n)).body, async (source) => {
        for await (const chunk of source.setEncoding("utf8")) text += chunk;
      });
      return text;
    },
    "raw clone": async (n) => {
      const response = await sse(n);
      const copy = response.clone();
      return Promise.all([response.text(), copy.text()]);
    },
    "raw body cancel": async (n) => {
      (await sse(n)).body.destroy();
      return "destroyed";
    },
    "raw read twice": async (n) => {
      const response = await json(n);
      await response.json();
      return response.json().catch(describeError);
    },
    "raw closed": async (n) => (await sse(n)).text().catch((error) => tellError(error, FetchError)),
    // Only version 2 has a time limit of its own.
    "raw own timeout": async (n) => {
      const init = { ...chatRequest(n, false), timeout: 300, signal: AbortSignal.timeout(900) };
      return fetch(url, init).then(
        (response) => response.text(),
        (error) => tellError(error, FetchError),
      );
    },
    "raw get": async (n) => {
      const response = await fetch(url, { headers: { "x-scenario": n } });
      return { status: response.status, body: await response.json() };
    },
  };
}

function tellError(error, FetchError) {
  return { ...describeError(error), isFetchError: error instanceof FetchError };
}
