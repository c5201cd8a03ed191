import {
  CATALOGUE_JSON,
  type CatalogueModel,
  type CatalogueProvider,
  type MatchLogic,
} from "./catalogue-data.ts";

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

export interface FoundModel {
  readonly info: CatalogueModel;
  readonly match: "exact" | "prefix";
}

let providers: ReadonlyMap<string, CatalogueProvider> | undefined;

/** Parsed when first needed: most processes that load this never price a call. */
function providerOf(id: string): CatalogueProvider | undefined {
  if (providers === undefined) {
    const listed: readonly CatalogueProvider[] = JSON.parse(CATALOGUE_JSON);
    providers = new Map(listed.map((provider) => [provider.id, provider]));
  }
  return providers.get(id);
}

/** Whether the catalogue names this very id, rather than a pattern that it falls under. */
function namesExactly(match: MatchLogic, id: string): boolean {
  if ("equals" in match) return match.equals.toLowerCase() === id;
  if ("or" in match) return match.or.some((alternative) => namesExactly(alternative, id));
  return false;
}

/**
 * Looks a model up as the catalogue's own calculator does: its patterns, its fallback from clouds to the
 * makers of models, dates with and without dashes. Takes microseconds to milliseconds: keep the answer.
 */
export function findCatalogueModel(provider: string, model: string): FoundModel | undefined {
  const listed = providerOf(catalogueId(provider));
  if (listed === undefined) return undefined;
  const id = model.trim().toLowerCase();
  const dashed = withDashedDates(id);
  const info = lookUp(listed, id) ?? (dashed === id ? undefined : lookUp(listed, dashed));
  if (info === undefined) return undefined;
  const exact = info.id.toLowerCase() === id || namesExactly(info.match, id);
  return { info, match: exact ? "exact" : "prefix" };
}

function lookUp(provider: CatalogueProvider, id: string): CatalogueModel | undefined {
  const own = provider.models.find(({ match }) => matches(match, id));
  if (own !== undefined) return own;
  for (const fallbackId of provider.fallback_model_providers ?? []) {
    const fallback = providerOf(fallbackId);
    const found = fallback && lookUp(fallback, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param id - in lower case. */
function matches(match: MatchLogic, id: string): boolean {
  if ("or" in match) return match.or.some((alternative) => matches(alternative, id));
  if ("and" in match) return match.and.every((condition) => matches(condition, id));
  if ("equals" in match) return id === match.equals.toLowerCase();
  if ("starts_with" in match) return id.startsWith(match.starts_with.toLowerCase());
  if ("ends_with" in match) return id.endsWith(match.ends_with.toLowerCase());
  if ("contains" in match) return id.includes(match.contains.toLowerCase());
  return new RegExp(match.regex).test(id);
}

const UNDASHED_DATE = /(?<=-)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g;

/** `gpt-4o-20240806` as `gpt-4o-2024-08-06`; digits that are no date stay. */
function withDashedDates(id: string): string {
  return id.replaceAll(UNDASHED_DATE, (digits, year: string, month: string, day: string) => {
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return date.getUTCDate() === Number(day) ? `${year}-${month}-${day}` : digits;
  });
}
