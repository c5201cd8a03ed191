/** `gen_ai.provider.name` where the catalogue's id is another word. */
const CATALOGUE_IDS: ReadonlyMap<string, string> = new Map([
  ["aws.bedrock", "aws"],
  ["azure.ai.foundry", "azure"],
  ["azure.ai.inference", "azure"],
  ["azure.ai.openai", "azure"],
  ["bedrock", "aws"],
  ["cloudflare.workers_ai", "cloudflare"],
  ["fireworks_ai", "fireworks"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["gcp.vertex_ai", "google"],
  ["gemini", "google"],
  ["github.copilot", "github-copilot"],
  ["github_copilot", "github-copilot"],
  ["mistral_ai", "mistral"],
  ["mistralai", "mistral"],
  ["moonshot", "moonshotai"],
  ["moonshot_ai", "moonshotai"],
  ["open_router", "openrouter"],
  ["together_ai", "together"],
  ["togetherai", "together"],
  ["vertex_ai", "google"],
  ["voyage", "voyageai"],
  ["voyage_ai", "voyageai"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
  ["z_ai", "zai"],
  ["z.ai", "zai"],
  ["zhipu", "zhipuai"],
  ["zhipu_ai", "zhipuai"],
]);

/** The catalogue's id of a provider; its own name where no other is known. */
export function catalogueId(provider: string): string {
  const name = provider.toLowerCase();
  return CATALOGUE_IDS.get(name) ?? name;
}
