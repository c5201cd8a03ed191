import { OpenAIInstrumentation } from "@traceloop/instrumentation-openai";
import * as openai from "openai6";
import { printSpans, provider } from "./capture.mjs";
import { makeOpenAiCalls } from "./openai-calls.mjs";

const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(openai.OpenAI);
await makeOpenAiCalls(openai);
await printSpans();
