/**
 * An app that is called with baggage, calls providers with it, and a service of its own. Does the calls that its
 * arguments name, and lives on until its input ends.
 */
import { once } from "node:events";
import Anthropic from "@anthropic-ai/sdk";
import { context, propagation } from "@opentelemetry/api";
import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import OpenAI from "openai";
import OpenAI4 from "openai4";
import { fetch as undiciFetch } from "undici";

const messages = [{ role: "user", content: "Hello." }];
const chat = { model: "gpt-4o-mini", max_tokens: 50, messages };
const message = { model: "claude-haiku-4-5", max_tokens: 50, messages };
const oneTry = { maxRetries: 0 };
const baseUrl = process.env.OPENAI_BASE_URL;
const post = { method: "POST", body: JSON.stringify(chat) };

const calls = {
  fetch: async () => (await fetch(`${baseUrl}/chat/completions`, post)).json(),
  undici: async () => (await undiciFetch(`${baseUrl}/chat/completions`, post)).json(),
  openai: () => new OpenAI(oneTry).chat.completions.create(chat),
  openai4: () => new OpenAI4(oneTry).chat.completions.create(chat),
  anthropic: () => new Anthropic(oneTry).messages.create(message),
  anthropicStream: async () => {
    for await (const _ of await new Anthropic(oneTry).messages.create({
      ...message,
      stream: true,
    }));
  },
  anthropicHelper: () => new Anthropic(oneTry).messages.stream(message).finalMessage(),
  /** A meter of the app's own over the process's. */
  meteredTwice: () =>
    new OpenAI({ ...oneTry, fetch: createMeteredFetch(fetch) }).chat.completions.create(chat),
  meteredThrice: () =>
    new OpenAI({
      ...oneTry,
      fetch: createMeteredFetch(createMeteredFetch(fetch)),
    }).chat.completions.create(chat),
  service: () => fetch(new URL("/orders", baseUrl)),
};

const baggage = propagation.createBaggage({
  "tollgate.agent": { value: "somebody-else" },
  "tollgate.organization": { value: "another" },
  "user.tier": { value: "gold" },
});
await context.with(propagation.setBaggage(context.active(), baggage), async () => {
  for (const name of process.argv.slice(2)) await calls[name]();
});

process.stdout.write("ready\n");
process.stdin.resume();
await once(process.stdin, "end");
