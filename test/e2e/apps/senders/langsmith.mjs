import { context, trace } from "@opentelemetry/api";
import { Client } from "langsmith";
import { setOTELInstances } from "langsmith/lib/singletons/otel";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai6";
import { printSpans } from "./capture.mjs";
import { makeOpenAiCalls } from "./openai-calls.mjs";

setOTELInstances({ trace, context });
const client = new Client();
const wrapped = wrapOpenAI(new OpenAI({ maxRetries: 0 }), { client });
// Returned from a constructor, an object takes the place of the new one.
await makeOpenAiCalls({
  OpenAI: function WrappedOpenAI() {
    return wrapped;
  },
});
await client.flush();
await client.awaitPendingTraceBatches();
await printSpans();
