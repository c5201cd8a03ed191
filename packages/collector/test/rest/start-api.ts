import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@tollgate/config";
import { onTestFinished } from "vitest";
import { startCollector } from "../../src/index.ts";

/** What REST answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

export interface Api {
  readonly url: string;
  ask(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
}

/** A collector on free ports, with all defaults. */
export async function startApi(): Promise<Api> {
  const dataFolder = mkdtempSync(join(tmpdir(), "tollgate-api-"));
  const config = loadConfig({ cwd: dataFolder, env: {} });
  const collector = await startCollector({ config, dataFolder, port: 0, grpcPort: false });
  onTestFinished(async () => {
    await collector.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  return {
    url: collector.url,
    async ask(method, path, body, type = "application/json") {
      const response = await fetch(`${collector.url}${path}`, {
        method,
        ...(body !== undefined && {
          headers: { "content-type": type },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      });
      const text = await response.text();
      return {
        status: response.status,
        type: response.headers.get("content-type") ?? "",
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
  };
}
