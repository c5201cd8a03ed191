import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTollgateError } from "@tollgate/core";
import { onTestFinished } from "vitest";
import { loadConfig, type Environment, type LoadedConfig } from "../src/index.ts";

/** A folder that goes when the test ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Loads a `tollgate.yaml` with this content. */
export function load(content: string | Uint8Array, env: Environment = {}): LoadedConfig {
  const cwd = makeFolder();
  writeFileSync(join(cwd, "tollgate.yaml"), content);
  return loadConfig({ cwd, env });
}

export interface Refusal {
  readonly code: string;
  /** The lines that name a problem each. */
  readonly problems: readonly string[];
}

/** What `fn` is refused for. @throws when it is not. */
export function refusalOf(fn: () => unknown): Refusal {
  try {
    fn();
  } catch (error) {
    if (!isTollgateError(error)) throw error;
    const [, ...problems] = error.message.split("\n");
    return { code: error.code, problems: problems.map((line) => line.trim()) };
  }
  throw new Error("nothing was refused");
}

/** What a `tollgate.yaml` with this content is refused for. */
export function problemsOf(content: string | Uint8Array, env: Environment = {}): readonly string[] {
  return refusalOf(() => load(content, env)).problems;
}
