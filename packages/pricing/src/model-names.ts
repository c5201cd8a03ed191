import { catalogueId } from "./provider-ids.ts";

/** A name under which a model may be listed. */
export interface ModelName {
  /** In lower case. */
  readonly id: string;
  /** False when something was left out that may have a price. */
  readonly exact: boolean;
}

export interface NamingOptions {
  /** Names of deployments (Azure, application inference profiles) to models. */
  readonly deployments?: Readonly<Record<string, string>> | undefined;
}

/**
 * The names to look a model up under, best first; none for what has no price per token, such as
 * provisioned throughput.
 */
export function modelNames(
  provider: string,
  model: string,
  { deployments = {} }: NamingOptions = {},
): readonly ModelName[] {
  const providerId = catalogueId(provider);
  const deployed = Object.hasOwn(deployments, model) ? deployments[model] : undefined;
  const id = (deployed ?? model).trim().toLowerCase();
  if (providerId === "aws" && id.startsWith("arn:")) return namesOfArn(id);
  const bare = withoutPath(id, providerId);
  const names: ModelName[] = [{ id: bare, exact: true }];
  if (bare !== id) names.push({ id, exact: true });
  const routed = bare.replace(ROUTING_VARIANT, "");
  if (providerId === "openrouter" && routed !== bare) names.push({ id: routed, exact: false });
  const base = baseName(bare);
  if (base !== bare && !isFineTune(bare)) names.push({ id: base, exact: false });
  return names;
}

/** Where and how fast OpenRouter runs a model; `:free` and `:extended` have prices of their own. */
const ROUTING_VARIANT = /:(?:nitro|floor|exacto|online|beta|thinking)$/;

/** Fine-tuned models have prices of their own, which say nothing of the model beneath. */
function isFineTune(id: string): boolean {
  return id.startsWith("ft:") || id.includes(".ft-");
}

/** Kinds of ARN whose last part is a model or a profile of one; all others are billed by the hour. */
const PRICED_ARN = /:(?:foundation-model|inference-profile)\/(.+)$/;

function namesOfArn(arn: string): readonly ModelName[] {
  const id = PRICED_ARN.exec(arn)?.[1];
  return id === undefined ? [] : [{ id, exact: true }];
}

/** Providers that serve the models of one maker: a maker's name before the model says nothing. */
const ONE_MAKER: ReadonlySet<string> = new Set([
  "anthropic",
  "azure",
  "cohere",
  "deepseek",
  "google",
  "mistral",
  "moonshotai",
  "openai",
  "perplexity",
  "x-ai",
]);

const MODELS_PATH = /^(?:.*\/)?models\/([^/]+)$/;
const MAKER = /^[a-z0-9.-]+\//;

function withoutPath(id: string, providerId: string): string {
  if (!ONE_MAKER.has(providerId)) return id;
  return MODELS_PATH.exec(id)?.[1] ?? id.replace(MAKER, "");
}

/** A place of Bedrock's: `us.`, `global.`; the catalogue writes `regional.` for all but the last. */
const PLACE = /^(?:us|us-gov|eu|apac|jp|au|ca|sa|me|af|global|regional)\.(?=[a-z0-9]+\.)/;
const BEDROCK_VERSION = /-v\d+(?::\d+)?(?::\d+k)?$/;
const DATE = /[-@](20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/;
const LATEST = /[-@](?:latest|default)$/;

/** A name without the place, version and date of it. */
export function baseName(id: string): string {
  return id.replace(PLACE, "").replace(BEDROCK_VERSION, "").replace(LATEST, "").replace(DATE, "");
}

/** The day in a name, as `2026-09-23`. */
export function dayOf(id: string): string | undefined {
  const found = DATE.exec(id.replace(BEDROCK_VERSION, ""));
  return found === null ? undefined : `${found[1]}-${found[2]}-${found[3]}`;
}

const PLAIN_DATE = /(?<=-)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[-:]|$)/g;

/** Writes `-20260923` as `-2026-09-23`, for lists that have only that; digits that are no date stay. */
export function redated(id: string): string {
  return id.replaceAll(PLAIN_DATE, (digits, year: string, month: string, day: string) => {
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return date.getUTCDate() === Number(day) ? `${year}-${month}-${day}` : digits;
  });
}
