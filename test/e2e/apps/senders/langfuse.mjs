/** Langfuse's tracing counts nothing by itself: it writes what the app hands it, as here from the provider's answer. */
import { setLangfuseTracerProvider, startObservation } from "@langfuse/tracing";
import OpenAI from "openai6";
import { attempt, printSpans, provider } from "./capture.mjs";

setLangfuseTracerProvider(provider);
const client = new OpenAI({ maxRetries: 0 });
const model = "gpt-4o-mini";
const agent = startObservation("planner", {}, { asType: "agent" });

async function observed(call) {
  const generation = agent.startObservation("llm", { model }, { asType: "generation" });
  try {
    const { usage } = await call();
    generation.update({ usageDetails: usageDetails(usage) });
  } catch (error) {
    generation.update({ level: "ERROR", statusMessage: String(error) });
    throw error;
  } finally {
    generation.end();
  }
}

function usageDetails({ prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details }) {
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  return {
    input: prompt_tokens - cached,
    input_cached_tokens: cached,
    output: completion_tokens,
    total: total_tokens,
  };
}

const chat = { model, messages: [{ role: "user", content: "Hello" }] };
await observed(() => client.chat.completions.create(chat));
await observed(() => client.chat.completions.create(chat));
await observed(() => client.chat.completions.create(chat));
await attempt(() => observed(() => client.chat.completions.create(chat)));
agent.end();
await printSpans();
