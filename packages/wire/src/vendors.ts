/**
 * Who serves an API at a host: `gen_ai.provider.name` by host name. A host that is not here is taken
 * for the provider whose API it speaks.
 */
export const VENDORS: Readonly<Record<string, string>> = {
  "api.openai.com": "openai",
  "api.anthropic.com": "anthropic",
  "generativelanguage.googleapis.com": "gcp.gemini",
  "aiplatform.googleapis.com": "gcp.vertex_ai",
  "api.mistral.ai": "mistral_ai",
  "codestral.mistral.ai": "mistral_ai",
  "api.cohere.com": "cohere",
  "api.cohere.ai": "cohere",
};
