/** `init` of OpenLIT wants a provider of its own; its instrumentation of the OpenAI SDK is what writes the spans. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as openai from "openai6";
import { printSpans, provider } from "./capture.mjs";
import { makeOpenAiCalls } from "./openai-calls.mjs";

const require = createRequire(import.meta.url);
const dist = dirname(require.resolve("openlit"));
require(join(dist, "config.js")).default.updateConfig({
  applicationName: "shop",
  environment: "test",
  disableEvents: true,
  disableMetrics: true,
});
const { default: Instrumentation } = require(join(dist, "instrumentation/openai/index.js"));
const instrumentation = new Instrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manualPatch(openai);
await makeOpenAiCalls(openai);
await printSpans();
