import type { MatchedCall, WireApi } from "./api.ts";
import { APIS } from "./apis/index.ts";
import { findEndpoint, type Endpoint } from "./endpoint.ts";
import { apiAtPath, fitsPath, mayBeCall, vendorApiAt } from "./path-index.ts";
import { isPrivateHost } from "./private-host.ts";
import { regionOf } from "./region.ts";
import { vendorAt } from "./vendors.ts";

const SLASH = 0x2f;
export const DEFAULT_PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 };
const NO_ENDPOINTS: readonly Endpoint[] = [];

/** What {@link Endpoint.api} may be: the stable names of all APIs that are read. */
export const API_IDS: readonly string[] = [...new Set(APIS.map(({ id }) => id))];

/**
 * The API that a request speaks, by its method and URL alone; `undefined` for everything else.
 *
 * Runs on every request of an app: what is not ours costs a few comparisons. Never throws. Whether
 * the body is a request of that API is for {@link WireApi.readRequest} to say.
 *
 * @param url - absolute; a relative one is never matched.
 * @param endpoints - who answers at hosts that are not known; the first that fits wins, over the
 *   known ones too.
 */
export function matchCall(
  method: string,
  url: URL | string,
  endpoints: readonly Endpoint[] = NO_ENDPOINTS,
): MatchedCall | undefined {
  // fetch sends "post" as POST.
  if (method !== "POST" && method.toUpperCase() !== "POST") return undefined;
  const href = typeof url === "string" ? url : url.href;
  if (!mayBeCall(withoutQuery(href)) && !endpoints.some(({ api }) => api !== undefined)) {
    return undefined;
  }
  return locate(href, endpoints);
}

/** The URL up to its query; one slash at the end means nothing to the servers we know. */
export function withoutQuery(href: string): string {
  const query = href.indexOf("?");
  const hash = href.indexOf("#");
  let end = query < 0 ? href.length : query;
  if (hash >= 0 && hash < end) end = hash;
  if (href.charCodeAt(end - 1) === SLASH) end--;
  return end === href.length ? href : href.slice(0, end);
}

function locate(href: string, endpoints: readonly Endpoint[]): MatchedCall | undefined {
  const url = parseUrl(href);
  const defaultPort = url && DEFAULT_PORTS[url.protocol];
  if (!url || defaultPort === undefined) return undefined;
  const { hostname, pathname } = url;
  const serverPort = url.port === "" ? defaultPort : Number(url.port);
  const endpoint = findEndpoint(endpoints, hostname, serverPort);
  const api = chooseApi(hostname, withoutQuery(pathname), endpoint);
  if (api === undefined) return undefined;
  const vendor = endpoint?.provider ?? vendorAt(hostname);
  if (vendor === undefined && meansNothingAt(hostname, api)) return undefined;
  const provider = vendor ?? api.provider;
  return {
    api,
    provider,
    hostKnown: vendor !== undefined,
    path: pathname,
    serverAddress: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    serverPort,
    region: regionOf(provider, hostname, pathname),
  };
}

function meansNothingAt(hostname: string, { hasCommonPath = false }: WireApi): boolean {
  return hasCommonPath && !isPrivateHost(hostname);
}

function chooseApi(
  hostname: string,
  path: string,
  endpoint: Endpoint | undefined,
): WireApi | undefined {
  const named = endpoint?.api && APIS.find(({ id }) => id === endpoint.api);
  if (named && fitsPath(named, path)) return named;
  return vendorApiAt(hostname, path) ?? apiAtPath(path) ?? (named || undefined);
}

export function parseUrl(href: string): URL | undefined {
  try {
    return new URL(href);
  } catch {
    return undefined;
  }
}
