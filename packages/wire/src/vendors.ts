/**
 * Who serves an API at a host: `gen_ai.provider.name` by host name. A host that is not here is taken
 * for the provider whose API it speaks.
 *
 * Names are OpenTelemetry's where it has one, else the vendor's own in plain words.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
const VENDORS: Readonly<Record<string, string>> = {
  "api.openai.com": "openai",
  "api.anthropic.com": "anthropic",
  "api.groq.com": "groq",
  "api.deepseek.com": "deepseek",
  "api.x.ai": "x_ai",
  "api.perplexity.ai": "perplexity",
  "api.mistral.ai": "mistral_ai",
  "codestral.mistral.ai": "mistral_ai",
  "generativelanguage.googleapis.com": "gcp.gemini",
  "aiplatform.googleapis.com": "gcp.vertex_ai",
  "api.cohere.com": "cohere",
  "api.cohere.ai": "cohere",
  "openrouter.ai": "openrouter",
  "api.together.xyz": "together",
  "api.together.ai": "together",
  "api.fireworks.ai": "fireworks",
  "api.cerebras.ai": "cerebras",
  "api.moonshot.ai": "moonshot_ai",
  "api.moonshot.cn": "moonshot_ai",
  "dashscope.aliyuncs.com": "alibaba",
  "dashscope-intl.aliyuncs.com": "alibaba",
  "dashscope-us.aliyuncs.com": "alibaba",
  "router.huggingface.co": "huggingface",
  "api-inference.huggingface.co": "huggingface",
  "api.writer.com": "writer",
  "api.githubcopilot.com": "github-copilot",
  "models.inference.ai.azure.com": "azure.ai.inference",
  "api.sambanova.ai": "sambanova",
  "api.novita.ai": "novita",
  "integrate.api.nvidia.com": "nvidia",
  "api.deepinfra.com": "deepinfra",
  "ollama.com": "ollama",
};

/** Vendors that give each customer or region a host of its own, by how the host name ends. */
const VENDOR_SUFFIXES: readonly (readonly [suffix: string, provider: string])[] = [
  [".openai.azure.com", "azure.ai.openai"],
  [".cognitiveservices.azure.com", "azure.ai.openai"],
  [".services.ai.azure.com", "azure.ai.inference"],
  [".models.ai.azure.com", "azure.ai.inference"],
  [".api.openai.com", "openai"],
  ["-aiplatform.googleapis.com", "gcp.vertex_ai"],
  [".api.x.ai", "x_ai"],
  [".openrouter.ai", "openrouter"],
  [".endpoints.huggingface.cloud", "huggingface"],
  [".githubcopilot.com", "github-copilot"],
];

/** A host for each region and API, in AWS's own networks too. */
const BEDROCK =
  /(?:^|\.)bedrock[a-z-]*\.[a-z0-9-]+\.(?:(?:vpce\.)?amazonaws\.com(?:\.cn)?|api\.aws)$/;

/** @param host - a host name in lower case. */
export function vendorAt(host: string): string | undefined {
  if (Object.hasOwn(VENDORS, host)) return VENDORS[host];
  if (BEDROCK.test(host)) return "aws.bedrock";
  return VENDOR_SUFFIXES.find(([suffix]) => host.endsWith(suffix))?.[1];
}
