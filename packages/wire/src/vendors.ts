/**
 * Who serves an API at a host: `gen_ai.provider.name` by host name. A host that is not here is taken
 * for the provider whose API it speaks.
 */
export const VENDORS: Readonly<Record<string, string>> = {
  "api.openai.com": "openai",
  "api.anthropic.com": "anthropic",
};
