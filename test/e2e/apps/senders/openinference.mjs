import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import * as openai from "openai6";
import { printSpans, provider } from "./capture.mjs";
import { makeOpenAiCalls } from "./openai-calls.mjs";

const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider });
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(openai.OpenAI === undefined ? openai.default : openai);
await makeOpenAiCalls(openai);
await printSpans();
