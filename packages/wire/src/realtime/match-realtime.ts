import type { MatchedCall } from "../api.ts";
import { findEndpoint, type Endpoint } from "../endpoint.ts";
import { fitsPath } from "../path-index.ts";
import { isPrivateHost } from "../private-host.ts";
import { vendorAt } from "../vendors.ts";
import { openAiRealtime } from "./openai-realtime.ts";

/** A WebSocket that carries model calls. */
export interface MatchedRealtime {
  readonly match: MatchedCall;
  /** The model or deployment that the URL names. */
  readonly model: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "wss:": 443,
  "https:": 443,
  "ws:": 80,
  "http:": 80,
};
const NO_ENDPOINTS: readonly Endpoint[] = [];

/** OpenAI and who follows it; Azure by API version, and Azure's voice service. */
const KNOWN_PATHS: readonly string[] = ["/v1/realtime", "/openai/realtime", "/voice-live/realtime"];

/** What a session is opened for; a socket that names none of them is somebody else's. */
const SUBJECTS = ["model", "deployment", "intent", "call_id"] as const;

/**
 * Whether a WebSocket speaks OpenAI's Realtime API, by its URL alone. Asked once for each socket of an
 * app. Never throws.
 *
 * @param url - as given to the constructor.
 * @param endpoints - who answers at hosts that are not known; the first that fits wins.
 * @see https://platform.openai.com/docs/guides/realtime-websocket
 */
export function matchRealtime(
  url: URL | string,
  endpoints: readonly Endpoint[] = NO_ENDPOINTS,
): MatchedRealtime | undefined {
  const href = String(url);
  if (!href.includes("/realtime") || !URL.canParse(href)) return undefined;
  const parsed = new URL(href);
  const { hostname, pathname, searchParams } = parsed;
  const serverPort = portOf(parsed);
  const path = pathname.replace(/\/$/, "");
  if (serverPort === undefined || !fitsPath(openAiRealtime, path)) return undefined;
  const endpoint = findEndpoint(endpoints, hostname, serverPort);
  const vendor = endpoint?.provider ?? vendorAt(hostname);
  if (endpoint === undefined && !isUnmistakable(parsed, path, vendor)) return undefined;
  const match: MatchedCall = {
    api: openAiRealtime,
    provider: vendor ?? openAiRealtime.provider,
    hostKnown: vendor !== undefined,
    path: pathname,
    serverAddress: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    serverPort,
  };
  return { match, model: modelOf(searchParams) };
}

function portOf({ protocol, port }: URL): number | undefined {
  const usual = DEFAULT_PORTS[protocol];
  return usual === undefined || port === "" ? usual : Number(port);
}

function modelOf(query: URLSearchParams): string | undefined {
  return query.get("model") || query.get("deployment") || undefined;
}

/** At a host that nobody has named, a path means something at a known vendor, or within the caller's own network. */
function isUnmistakable(
  { hostname, searchParams }: URL,
  path: string,
  vendor: string | undefined,
): boolean {
  if (!KNOWN_PATHS.some((known) => path.endsWith(known))) return false;
  return (
    vendor !== undefined ||
    (isPrivateHost(hostname) && SUBJECTS.some((subject) => searchParams.has(subject)))
  );
}
