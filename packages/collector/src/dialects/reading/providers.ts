import { readText } from "./attribute-values.ts";
import type { AttributeValue } from "../../otlp/records.ts";

/**
 * Spellings of `gen_ai.provider.name`, in small letters and digits alone.
 *
 * Sources: semantic-conventions-genai and semantic-conventions 1.28 to 1.41 (`gen_ai.system`), OpenInference's
 * `LLMProvider` and `LLMSystem` 2.12.0, OpenLLMetry's `GenAISystem` 0.5.1, the provider ids of AI SDK 4 to 7 and
 * of LiteLLM 1.110.2.
 */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  openai: ["openai", "textcompletionopenai", "customopenai"],
  anthropic: ["anthropic", "anthropictext", "claude"],
  "azure.ai.openai": ["azure", "azureopenai", "azureaiopenai", "azaiopenai", "azuretext"],
  "azure.ai.inference": ["azureai", "azureaiinference", "azaiinference", "azureaifoundry"],
  "gcp.gemini": ["gemini", "gcpgemini", "google", "googleai", "googlegenerativeai", "googlegenai"],
  "gcp.vertex_ai": ["vertexai", "gcpvertexai", "googlevertex", "googlevertexai", "vertex"],
  "gcp.gen_ai": ["gcpgenai"],
  "aws.bedrock": ["awsbedrock", "bedrock", "amazonbedrock", "aws", "bedrockconverse", "amazon"],
  mistral_ai: ["mistral", "mistralai", "codestral"],
  cohere: ["cohere", "coherechat"],
  groq: ["groq"],
  deepseek: ["deepseek"],
  x_ai: ["xai", "grok"],
  perplexity: ["perplexity"],
  openrouter: ["openrouter"],
  together: ["together", "togetherai"],
  fireworks: ["fireworks", "fireworksai"],
  cerebras: ["cerebras"],
  moonshot_ai: ["moonshot", "moonshotai"],
  alibaba: ["alibaba", "dashscope", "qwen"],
  huggingface: ["huggingface"],
  writer: ["writer"],
  "github-copilot": ["githubcopilot", "copilot"],
  sambanova: ["sambanova"],
  novita: ["novita"],
  nvidia: ["nvidia", "nvidianim"],
  deepinfra: ["deepinfra"],
  ollama: ["ollama", "ollamachat"],
  voyage_ai: ["voyage", "voyageai"],
  jina_ai: ["jina", "jinaai"],
  "ibm.watsonx.ai": ["watsonx", "ibmwatsonxai", "watsonxai", "watsonxtext"],
  aleph_alpha: ["alephalpha"],
};

const BY_SPELLING: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([name, spellings]) =>
    spellings.map((spelling) => [spelling, name] as const),
  ),
);

/**
 * `gen_ai.provider.name` of what a sender wrote: `openai.chat`, `Azure`, `vertex_ai-anthropic_models` or
 * `@ai-sdk/google`. What follows a known name is its API. An unknown name stays as it is, in small letters.
 */
export function canonicalProvider(value: AttributeValue | undefined): string | undefined {
  const said = readText(value)?.toLowerCase();
  if (said === undefined || said === "unknown") return undefined;
  const words = said.replace(/^@ai-sdk\//, "").split(/[^a-z0-9]+/);
  for (let length = words.length; length > 0; length -= 1) {
    const known = BY_SPELLING.get(words.slice(0, length).join(""));
    if (known !== undefined) return known;
  }
  return said.slice(0, 64);
}
