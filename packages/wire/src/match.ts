import type { MatchedCall, WireApi } from "./api.ts";
import { APIS, VENDOR_PATHS } from "./apis/index.ts";
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
  return mayMatch(withoutQuery(href)) ? locate(href) : undefined;
}

/** Lets a URL like "https://responses" pass, which ends like a path but has none. */
function mayMatch(href: string): boolean {
  for (const api of APIS) if (api.matchesPath(href)) return true;
  for (const { path } of VENDOR_PATHS) if (href.endsWith(path)) return true;
  return false;
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

function locate(href: string): MatchedCall | undefined {
  const url = parseUrl(href);
  const defaultPort = url && DEFAULT_PORTS[url.protocol];
  if (!url || defaultPort === undefined) return undefined;
  const { hostname } = url;
  const api = chooseApi(hostname, withoutQuery(url.pathname));
  if (api === undefined) return undefined;
  return {
    api,
    provider: Object.hasOwn(VENDORS, hostname) ? (VENDORS[hostname] ?? api.provider) : api.provider,
    path: url.pathname,
    serverAddress: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    serverPort: url.port === "" ? defaultPort : Number(url.port),
  };
}

function chooseApi(hostname: string, path: string): WireApi | undefined {
  const own = VENDOR_PATHS.find((known) => known.host === hostname && known.path === path);
  return own?.api ?? APIS.find((api) => api.matchesPath(path));
}

function parseUrl(href: string): URL | undefined {
  try {
    return new URL(href);
  } catch {
    return undefined;
  }
}
