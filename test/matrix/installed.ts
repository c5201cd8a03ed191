import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "./clients.ts";

/** A client's package as published: the installed name may be an alias of ours. */
export interface Published {
  readonly name: string;
  readonly version: string;
}

const MODULES = join(import.meta.dirname, "../node_modules");

export function installedPath(name: string): string {
  return join(MODULES, name);
}

/** The packages of a client; none for those that need none. */
export function publishedPackages({ packages }: Client): Promise<Published[]> {
  return Promise.all(packages.map(packageOf).filter(isFirst).map(readManifest));
}

/** Without the path inside the package. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isFirst(name: string, index: number, names: readonly string[]): boolean {
  return names.indexOf(name) === index;
}

export async function readManifest(name: string): Promise<Published> {
  const text = await readFile(join(installedPath(name), "package.json"), "utf8");
  const manifest: Published = JSON.parse(text);
  return { name: manifest.name, version: manifest.version };
}
