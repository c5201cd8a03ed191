/**
 * The model that a URL names: Azure's deployments, and the engines of OpenAI's first API. A
 * deployment's name is its owner's choice; many are called like their model.
 */
export function modelInPath(path: string | undefined): string | undefined {
  const name = path === undefined ? undefined : NAMED.exec(path)?.[1];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const NAMED = /\/(?:deployments|engines)\/([^/]{1,256})\//;
