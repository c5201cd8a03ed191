import { calcPrice, findProvider, type MatchLogic, type ModelInfo } from "@pydantic/genai-prices";

/** Version of the price data that is bundled; a test holds it to the installed package. */
export const CATALOGUE_VERSION: string = "genai-prices/0.1.8";

/** `gen_ai.provider.name` where the catalogue's id is another word. */
const CATALOGUE_IDS: ReadonlyMap<string, string> = new Map([
  ["aws.bedrock", "aws"],
  ["azure.ai.inference", "azure"],
  ["azure.ai.openai", "azure"],
  ["fireworks_ai", "fireworks"],
  ["gcp.gemini", "google"],
  ["gcp.gen_ai", "google"],
  ["gcp.vertex_ai", "google"],
  ["mistral_ai", "mistral"],
  ["moonshot_ai", "moonshotai"],
  ["together_ai", "together"],
  ["voyage_ai", "voyageai"],
  ["x_ai", "x-ai"],
  ["xai", "x-ai"],
  ["z_ai", "zai"],
]);

/** The catalogue's id of a provider; its own name where no other is known. */
export function catalogueId(provider: string): string {
  const name = provider.toLowerCase();
  return CATALOGUE_IDS.get(name) ?? name;
}

export interface CatalogueModel {
  readonly info: ModelInfo;
  readonly match: "exact" | "prefix";
}

/** Whether the catalogue names this very id, rather than a pattern that it falls under. */
function namesExactly(match: MatchLogic, id: string): boolean {
  if ("equals" in match) return match.equals.toLowerCase() === id;
  if ("or" in match) return match.or.some((alternative) => namesExactly(alternative, id));
  return false;
}

/**
 * Looks a model up as the catalogue does: its patterns, its fallback from clouds to the makers of
 * models. Takes microseconds to milliseconds: keep the answer.
 */
export function findCatalogueModel(provider: string, model: string): CatalogueModel | undefined {
  const providerId = catalogueId(provider);
  // The catalogue guesses providers from parts of a name; a guess would be another's price.
  if (findProvider({ providerId })?.id !== providerId) return undefined;
  const info = lookUp(providerId, model);
  if (info === undefined) return undefined;
  const id = model.trim().toLowerCase();
  const exact = info.id.toLowerCase() === id || namesExactly(info.match, id);
  return { info, match: exact ? "exact" : "prefix" };
}

function lookUp(providerId: string, model: string): ModelInfo | undefined {
  try {
    return calcPrice({}, model, { providerId })?.model;
  } catch {
    // It throws on entries that contradict themselves: these have no price.
    return undefined;
  }
}
