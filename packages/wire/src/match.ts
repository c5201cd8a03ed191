import type { MatchedCall, WireApi } from "./api.ts";
import { APIS } from "./apis/index.ts";
import { VENDORS } from "./vendors.ts";

const SLASH = 0x2f;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 };

/**
 * The API that a request speaks, by its method and URL alone; `undefined` for everything else.
 *
 * Runs on every request of an app: what is not ours costs a few comparisons. Never throws. Whether
 * the body is a request of that API is for {@link WireApi.readRequest} to say.
 *
 * @param url - absolute; a relative one is never matched.
 */
export function matchCall(method: string, url: URL | string): MatchedCall | undefined {
  // fetch sends "post" as POST.
  if (method !== "POST" && method.toUpperCase() !== "POST") return undefined;
  const href = typeof url === "string" ? url : url.href;
  const api = findApi(withoutQuery(href));
  return api === undefined ? undefined : locate(api, href);
}

function findApi(path: string): WireApi | undefined {
  for (const api of APIS) if (api.matchesPath(path)) return api;
  return undefined;
}

/** The URL up to its query; one slash at the end means nothing to the servers we know. */
function withoutQuery(href: string): string {
  const query = href.indexOf("?");
  const hash = href.indexOf("#");
  let end = query < 0 ? href.length : query;
  if (hash >= 0 && hash < end) end = hash;
  if (href.charCodeAt(end - 1) === SLASH) end--;
  return end === href.length ? href : href.slice(0, end);
}

function locate(api: WireApi, href: string): MatchedCall | undefined {
  const url = parseUrl(href);
  const defaultPort = url && DEFAULT_PORTS[url.protocol];
  // "https://responses" ends like a path but has none.
  if (!url || defaultPort === undefined || !api.matchesPath(withoutQuery(url.pathname))) {
    return undefined;
  }
  const { hostname } = url;
  return {
    api,
    provider: Object.hasOwn(VENDORS, hostname) ? (VENDORS[hostname] ?? api.provider) : api.provider,
    path: url.pathname,
    serverAddress: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    serverPort: url.port === "" ? defaultPort : Number(url.port),
  };
}

function parseUrl(href: string): URL | undefined {
  try {
    return new URL(href);
  } catch {
    return undefined;
  }
}
