const VERTEX_LOCATION = /\/locations\/([a-z0-9-]+)\//;
const OPENAI_REGION = /^([a-z]{2,8})\.api\.openai\.com$/;

/**
 * Where a URL asks to be processed, as far as a provider charges for that; for all others it is not said.
 *
 * @see https://platform.openai.com/docs/guides/your-data#data-residency-controls
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
 */
export function regionOf(provider: string, host: string, path: string): string | undefined {
  if (provider === "gcp.vertex_ai") return VERTEX_LOCATION.exec(path)?.[1];
  return provider === "openai" ? OPENAI_REGION.exec(host)?.[1] : undefined;
}
