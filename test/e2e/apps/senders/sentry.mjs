/** Sentry's spans leave in envelopes of its own; their names and attributes are what is read. */
import * as Sentry from "@sentry/node";
import OpenAI from "openai6";
import { makeOpenAiCalls } from "./openai-calls.mjs";

const sent = [];
Sentry.init({
  dsn: "https://key@127.0.0.1/1",
  tracesSampleRate: 1,
  transport: () => ({
    send: async ([, items]) => {
      sent.push(...items.flatMap(([, payload]) => payload.items ?? []));
      return {};
    },
    flush: async () => true,
  }),
});

// Returned from a constructor, an object takes the place of the new one.
function InstrumentedOpenAI(options) {
  return Sentry.instrumentOpenAiClient(new OpenAI(options));
}

await Sentry.startSpan({ name: "task" }, () => makeOpenAiCalls({ OpenAI: InstrumentedOpenAI }));
await Sentry.flush();

const spans = sent.map((span) => ({
  origin: { resource: {}, scopeName: "sentry", scopeVersion: Sentry.SDK_VERSION, scope: {} },
  traceId: span.trace_id,
  spanId: span.span_id,
  parentSpanId: span.parent_span_id,
  name: span.name,
  kind: 0,
  startMs: span.start_timestamp * 1_000,
  endMs: span.end_timestamp * 1_000,
  attributes: Object.fromEntries(
    Object.entries(span.attributes).map(([name, { value }]) => [name, value]),
  ),
  events: [],
  statusCode: span.status === "error" ? 2 : 1,
  statusMessage: "",
}));
process.stdout.write(`${JSON.stringify(spans)}\n`);
