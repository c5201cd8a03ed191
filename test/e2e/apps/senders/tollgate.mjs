import { createMeteredFetch } from "@tollgate/instrumentation/fetch";
import OpenAI from "openai6";
import { printSpans } from "./capture.mjs";
import { makeOpenAiCalls } from "./openai-calls.mjs";

const fetch = createMeteredFetch(globalThis.fetch);
await makeOpenAiCalls({
  OpenAI: class extends OpenAI {
    constructor(options) {
      super({ ...options, fetch });
    }
  },
});
await printSpans();
