import type { WireApi } from "./api.ts";
import { APIS, VENDOR_PATHS, type VendorPath } from "./apis/index.ts";

/** What a path may be whose last word is known; of two that fit, the first. */
interface PathCandidates {
  readonly apis: WireApi[];
  readonly vendorPaths: VendorPath[];
}

const SLASH = 0x2f;
const COLON = 0x3a;

/** By the last word of a path: looking that up costs the same however many APIs there are. */
const BY_LAST_WORD: ReadonlyMap<string, PathCandidates> = indexPaths();
const LONGEST_WORD: number = Math.max(...[...BY_LAST_WORD.keys()].map(({ length }) => length));

/** Whether a path (no query) is an API's. */
export function fitsPath(api: WireApi, path: string): boolean {
  if (!api.pathEnds.some((end) => path.endsWith(end))) return false;
  return api.acceptsPath === undefined || api.acceptsPath(path);
}

/** The API that a path means at any host. */
export function apiAtPath(path: string): WireApi | undefined {
  return candidatesAt(path)?.apis.find((api) => fitsPath(api, path));
}

/** The API that a path means at one vendor only, or that is another one there. */
export function vendorApiAt(host: string, path: string): WireApi | undefined {
  return candidatesAt(path)?.vendorPaths.find((known) => known.host === host && known.path === path)
    ?.api;
}

/** Whether a URL (no query) may be a call; lets one like `https://responses` pass, which has no path. */
export function mayBeCall(href: string): boolean {
  const candidates = candidatesAt(href);
  if (candidates === undefined) return false;
  return (
    candidates.vendorPaths.some(({ path }) => href.endsWith(path)) ||
    candidates.apis.some((api) => fitsPath(api, href))
  );
}

function candidatesAt(path: string): PathCandidates | undefined {
  const shortest = path.length - LONGEST_WORD - 1;
  for (let at = path.length - 1; at >= 0 && at >= shortest; at--) {
    const code = path.charCodeAt(at);
    if (code === SLASH || code === COLON) return BY_LAST_WORD.get(path.slice(at + 1));
  }
  return undefined;
}

function indexPaths(): ReadonlyMap<string, PathCandidates> {
  const index = new Map<string, PathCandidates>();
  const at = (pathEnd: string): PathCandidates => {
    const word = /[^/:]*$/.exec(pathEnd)?.[0] ?? "";
    const known = index.get(word) ?? { apis: [], vendorPaths: [] };
    index.set(word, known);
    return known;
  };
  for (const api of APIS) {
    const places = new Set(api.pathEnds.map(at));
    for (const { apis } of places) apis.push(api);
  }
  for (const known of VENDOR_PATHS) at(known.path).vendorPaths.push(known);
  return index;
}
