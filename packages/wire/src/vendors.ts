/** Who serves which APIs at which hosts. */
export interface Vendor {
  /** In plain words. */
  readonly name: string;
  /** `gen_ai.provider.name`: OpenTelemetry's where it has one, else the vendor's own in plain words. */
  readonly provider: string;
  /** Host names; `*` at the beginning stands for what each customer or region has of its own. */
  readonly hosts: readonly string[];
  /** What it is known to speak, for people: any path of a known API is read at all of its hosts. */
  readonly apis: readonly string[];
}

const CHAT = "openai.chat";
const RESPONSES = "openai.responses";
const COMPLETIONS = "openai.completions";
const EMBEDDINGS = "openai.embeddings";
const MESSAGES = "anthropic.messages";
const AUDIO = ["openai.speech", "openai.transcriptions"] as const;
const GOOGLE = ["google.generate_content", "google.embed_content"] as const;

/**
 * A host that is not here is taken for the provider whose API it speaks.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
export const VENDORS: readonly Vendor[] = [
  vendor("OpenAI", "openai", ["api.openai.com", "*.api.openai.com"], ["openai.*"]),
  vendor("Anthropic", "anthropic", ["api.anthropic.com"], [MESSAGES, CHAT]),
  vendor(
    "Azure OpenAI",
    "azure.ai.openai",
    ["*.openai.azure.com", "*.cognitiveservices.azure.com"],
    [CHAT, RESPONSES, COMPLETIONS, EMBEDDINGS, "openai.images", ...AUDIO],
  ),
  vendor(
    "Azure AI Foundry",
    "azure.ai.inference",
    ["*.services.ai.azure.com", "*.models.ai.azure.com", "models.inference.ai.azure.com"],
    [CHAT, RESPONSES, EMBEDDINGS, MESSAGES],
  ),
  vendor(
    "Google AI Studio",
    "gcp.gemini",
    ["generativelanguage.googleapis.com"],
    [...GOOGLE, "google.interactions", CHAT, EMBEDDINGS],
  ),
  vendor(
    "Google Vertex AI",
    "gcp.vertex_ai",
    ["aiplatform.googleapis.com", "*-aiplatform.googleapis.com"],
    [...GOOGLE, "google.predict_embeddings", MESSAGES, CHAT],
  ),
  vendor(
    "Amazon Bedrock",
    "aws.bedrock",
    ["bedrock-runtime.{region}.amazonaws.com"],
    ["bedrock.*", CHAT],
  ),
  vendor(
    "Mistral",
    "mistral_ai",
    ["api.mistral.ai", "codestral.mistral.ai"],
    [CHAT, "mistral.*", "openai.transcriptions"],
  ),
  vendor("Cohere", "cohere", ["api.cohere.com", "api.cohere.ai"], ["cohere.*", CHAT, EMBEDDINGS]),
  vendor("Groq", "groq", ["api.groq.com"], [CHAT, RESPONSES, ...AUDIO]),
  vendor("DeepSeek", "deepseek", ["api.deepseek.com"], [CHAT, COMPLETIONS, MESSAGES]),
  vendor("xAI", "x_ai", ["api.x.ai", "*.api.x.ai"], [CHAT, RESPONSES, "openai.images"]),
  vendor("Perplexity", "perplexity", ["api.perplexity.ai"], [CHAT]),
  vendor(
    "OpenRouter",
    "openrouter",
    ["openrouter.ai", "*.openrouter.ai"],
    [CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, MESSAGES],
  ),
  vendor(
    "Together",
    "together",
    ["api.together.xyz", "api.together.ai"],
    [CHAT, COMPLETIONS, EMBEDDINGS, "rerank", "openai.images", ...AUDIO],
  ),
  vendor(
    "Fireworks",
    "fireworks",
    ["api.fireworks.ai"],
    [CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS, "rerank", MESSAGES],
  ),
  vendor("Cerebras", "cerebras", ["api.cerebras.ai"], [CHAT, COMPLETIONS]),
  vendor("Moonshot", "moonshot_ai", ["api.moonshot.ai", "api.moonshot.cn"], [CHAT, MESSAGES]),
  vendor(
    "Alibaba",
    "alibaba",
    ["dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com"],
    [CHAT, COMPLETIONS, EMBEDDINGS],
  ),
  vendor(
    "Hugging Face",
    "huggingface",
    ["router.huggingface.co", "api-inference.huggingface.co", "*.endpoints.huggingface.cloud"],
    [CHAT, COMPLETIONS, RESPONSES],
  ),
  vendor("Writer", "writer", ["api.writer.com"], [CHAT, COMPLETIONS]),
  vendor(
    "GitHub Copilot",
    "github-copilot",
    ["api.githubcopilot.com", "*.githubcopilot.com"],
    [CHAT, RESPONSES, EMBEDDINGS, MESSAGES],
  ),
  vendor("SambaNova", "sambanova", ["api.sambanova.ai"], [CHAT, EMBEDDINGS]),
  vendor("Novita", "novita", ["api.novita.ai"], [CHAT, COMPLETIONS]),
  vendor("NVIDIA", "nvidia", ["integrate.api.nvidia.com"], [CHAT, COMPLETIONS, EMBEDDINGS]),
  vendor("DeepInfra", "deepinfra", ["api.deepinfra.com"], [CHAT, COMPLETIONS, EMBEDDINGS]),
  vendor("Ollama's cloud", "ollama", ["ollama.com"], ["ollama.*", CHAT]),
  vendor("Voyage", "voyage_ai", ["api.voyageai.com"], ["voyage_ai.*"]),
  vendor("Jina", "jina_ai", ["api.jina.ai"], ["jina_ai.*"]),
  vendor("IBM watsonx.ai", "ibm.watsonx.ai", ["*.ml.cloud.ibm.com"], ["watsonx.generate"]),
  vendor("Aleph Alpha", "aleph_alpha", ["api.aleph-alpha.com"], ["aleph_alpha.complete"]),
];

function vendor(
  name: string,
  provider: string,
  hosts: readonly string[],
  apis: readonly string[],
): Vendor {
  return { name, provider, hosts, apis };
}

/** A host for each region and API, in AWS's own networks too. */
const BEDROCK =
  /(?:^|\.)bedrock[a-z-]*\.[a-z0-9-]+\.(?:(?:vpce\.)?amazonaws\.com(?:\.cn)?|api\.aws)$/;

const HOSTS: readonly (readonly [host: string, provider: string])[] = VENDORS.flatMap(
  ({ hosts, provider }) => hosts.map((host) => [host, provider] as const),
);
const BY_HOST: ReadonlyMap<string, string> = new Map(HOSTS);
const BY_SUFFIX: readonly (readonly [suffix: string, provider: string])[] = HOSTS.flatMap(
  ([host, provider]) => (host.startsWith("*") ? [[host.slice(1), provider] as const] : []),
);

/** @param host - a host name in lower case. */
export function vendorAt(host: string): string | undefined {
  const known = BY_HOST.get(host);
  if (known !== undefined) return known;
  if (BEDROCK.test(host)) return "aws.bedrock";
  return BY_SUFFIX.find(([suffix]) => host.endsWith(suffix))?.[1];
}
