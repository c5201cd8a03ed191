import { DEFAULT_PORTS, parseUrl, withoutQuery } from "../match.ts";
import { findEndpoint, type Endpoint } from "../endpoint.ts";
import { vendorAt } from "../vendors.ts";
import type { FetchedKind, MatchedFetch } from "./fetched.ts";

interface FetchedPath {
  readonly method: "GET" | "POST";
  readonly kind: FetchedKind;
  /** On a path without its query; the first group is the id. */
  readonly pattern: RegExp;
  /** Who is asked at a host that is not known. */
  readonly provider: string;
  /** What ids begin with at hosts that are not known, where the path alone is too common. */
  readonly idPrefix?: string;
}

/**
 * @see https://platform.openai.com/docs/api-reference/responses/get
 * @see https://platform.openai.com/docs/api-reference/batch
 * @see https://platform.claude.com/docs/en/api/messages/batches/results
 */
const PATHS: readonly FetchedPath[] = [
  {
    method: "GET",
    kind: "response",
    pattern: /\/responses\/([^/]+)$/,
    provider: "openai",
    idPrefix: "resp_",
  },
  {
    method: "POST",
    kind: "response",
    pattern: /\/responses\/([^/]+)\/cancel$/,
    provider: "openai",
    idPrefix: "resp_",
  },
  { method: "GET", kind: "results", pattern: /\/files\/([^/]+)\/content$/, provider: "openai" },
  {
    method: "GET",
    kind: "results",
    pattern: /\/messages\/batches\/([^/]+)\/results$/,
    provider: "anthropic",
  },
  { method: "POST", kind: "batch", pattern: /\/messages\/batches$/, provider: "anthropic" },
  { method: "POST", kind: "batch", pattern: /\/batches$/, provider: "openai" },
  { method: "GET", kind: "batch", pattern: /\/batches\/([^/]+)$/, provider: "openai" },
];

/** One pass over the URL. */
const MAY_MATCH = /\/(?:responses|files|batches)(?:[/?#]|$)/;

const NO_ENDPOINTS: readonly Endpoint[] = [];

/**
 * What a request fetches that was made earlier and may say what that used; `undefined` for
 * everything else.
 *
 * Runs on every request that is no call: what is not ours costs one search of its URL. Never throws.
 *
 * @param url - absolute.
 * @param endpoints - who answers at hosts that are not known.
 */
export function matchFetched(
  method: string,
  url: string,
  endpoints: readonly Endpoint[] = NO_ENDPOINTS,
): MatchedFetch | undefined {
  if (!MAY_MATCH.test(url)) return undefined;
  const parsed = parseUrl(url);
  const defaultPort = parsed && DEFAULT_PORTS[parsed.protocol];
  if (!parsed || defaultPort === undefined) return undefined;
  const { hostname, pathname, port } = parsed;
  const endpoint = findEndpoint(endpoints, hostname, port === "" ? defaultPort : Number(port));
  const vendor = endpoint?.provider ?? vendorAt(hostname);
  return matchPath(method.toUpperCase(), withoutQuery(pathname), hostname, vendor);
}

function matchPath(
  verb: string,
  path: string,
  serverAddress: string,
  vendor: string | undefined,
): MatchedFetch | undefined {
  for (const { method, kind, pattern, provider, idPrefix = "" } of PATHS) {
    const found = method === verb ? pattern.exec(path) : null;
    if (found === null) continue;
    const [, id] = found;
    if (vendor === undefined && id?.startsWith(idPrefix) === false) continue;
    return { kind, provider: vendor ?? provider, id, serverAddress };
  }
  return undefined;
}
