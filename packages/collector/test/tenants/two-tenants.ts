import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@tollgate/config";
import { addToken } from "../../src/access/index.ts";
import { startCollector } from "../../src/index.ts";

/** In all that acme has named, and in nothing that globex may see. */
export const MARK = "acme-only";

export interface Asked {
  readonly status: number;
  readonly text: string;
}

/** Asks the collector as one tenant. */
export type Ask = (method: string, path: string, body?: object) => Promise<Asked>;

export interface TwoTenants {
  readonly url: string;
  readonly globexToken: string;
  readonly acme: Ask;
  readonly globex: Ask;
  /** A third, whose events have the mark too. */
  readonly initech: Ask;
  /** Of a hold of acme's. */
  readonly acmeLease: string;
  close(): Promise<void>;
}

/** A collector with two tenants, of which acme has used everything that there is to use. */
export async function startTwoTenants(): Promise<TwoTenants> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-tenants-"));
  const token = (organization: string): string =>
    addToken(join(folder, "tokens.json"), { scopes: ["admin"], organization }, 0).text;
  const [acmeToken, globexToken] = [token("acme"), token("globex")];
  const collector = await startCollector({
    config: loadConfig({ env: {}, cwd: folder }),
    dataFolder: folder,
    port: 0,
    grpcPort: false,
  });
  const { url } = collector;
  const [acme, globex] = [asking(url, acmeToken), asking(url, globexToken)];

  await acme("PUT", "/v1/budgets/acme-only", budgetOf("acme"));
  await acme("PUT", "/v1/tasks/same", { title: MARK, workstream: "same" });
  await acme("PUT", "/v1/workstreams/same", { title: MARK });
  await acme("POST", "/v1/token-events", eventOf("acme-event"));
  const held = await acme("POST", "/v1/budgets/reserve", {
    call: { id: "same", tokens_in: 1, tokens_out: 1, cost_usd: 1 },
  });
  const { lease }: { lease?: unknown } = JSON.parse(held.text);
  if (typeof lease !== "string") throw new Error(`acme holds nothing: ${held.text}`);
  return {
    url,
    globexToken,
    acme,
    globex,
    initech: asking(url, token("initech")),
    acmeLease: lease,
    async close() {
      await collector.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function budgetOf(organization: string): object {
  return { match: { organization }, limit: { usd: 10 }, window: "total" };
}

/** On the task and the workstream that both tenants call the same. */
export function eventOf(id: string): object {
  return {
    id,
    tokens_in: 4_711,
    tokens_out: 1,
    cost_usd: 2,
    task: "same",
    workstream: "same",
    model: MARK,
    agent: MARK,
    note: MARK,
  };
}

function asking(url: string, token: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json, text/event-stream",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
}
