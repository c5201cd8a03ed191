import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type * as openai from "openai";

const require = createRequire(import.meta.url);

/** `openai6` is the newest version that the peers patch. Both have all that is used here. */
export type OpenAiPackage = "openai" | "openai6";
type OpenAiModule = typeof openai;

export interface OpenAiCopy {
  readonly module: OpenAiModule;
  readonly version: string;
}

/**
 * Loads the client anew. Every lane has a copy of its own: a patch of one lane is none of another, and
 * each is compiled for what it alone sees, as in an app.
 */
export function loadOpenAi(name: OpenAiPackage): OpenAiCopy {
  const entry = require.resolve(name);
  const folder = dirname(entry);
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder + sep)) delete require.cache[file];
  }
  const module: OpenAiModule = require(entry);
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  return { module, version };
}
