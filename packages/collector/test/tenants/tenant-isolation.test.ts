import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "@tollgate/core";
import * as z from "zod";
import { createRemoteLeases } from "../../src/usage/remote-leases.ts";
import { budgetOf, eventOf, MARK, startTwoTenants, type TwoTenants } from "./two-tenants.ts";

let tenants: TwoTenants;
beforeAll(async () => {
  tenants = await startTwoTenants();
}, 60_000);
afterAll(() => tenants.close());

/** What acme sees of its own, which nothing that globex does may change. */
async function viewOfAcme(): Promise<readonly unknown[]> {
  const paths = [
    "/v1/token-events",
    "/v1/token-events/summary?scope=task&id=same",
    "/v1/tasks/same",
    "/v1/workstreams/same",
    "/v1/budgets",
  ];
  return Promise.all(
    paths.map(async (path): Promise<unknown> => JSON.parse((await tenants.acme("GET", path)).text)),
  );
}

/** Globex asks for what it may: nothing of acme's is in the answer. */
async function seesNothing(method: string, path: string, body?: object): Promise<void> {
  const { status, text } = await tenants.globex(method, path, body);
  expect([200, 201, 204, 404]).toContain(status);
  expect(text).not.toContain(MARK);
  expect(text).not.toContain("4711");
}

/** Globex asks for what is acme's by name: it is refused. */
async function isRefused(
  method: string,
  path: string,
  body?: object,
  statuses: readonly number[] = [403],
): Promise<void> {
  const { status, text } = await tenants.globex(method, path, body);
  expect(statuses).toContain(status);
  expect(text).not.toContain("4711");
}

const GLOBEX_EVENT = { tokens_in: 1, tokens_out: 1, task: "same", workstream: "same" };
const HOLD = { id: "same", tokens_in: 1, tokens_out: 1, cost_usd: 1 };

async function reads(path: string): Promise<void> {
  const glue = path.includes("?") ? "&" : "?";
  await seesNothing("GET", path);
  await isRefused("GET", `${path}${glue}organization=acme`);
}

/** What globex tries at each route of the API's own document. */
const ROUTES: Readonly<Record<string, () => Promise<void>>> = {
  async "POST /v1/token-events"() {
    // Acme has an event of this id already: it is another one.
    const { status, text } = await tenants.globex("POST", "/v1/token-events", {
      ...GLOBEX_EVENT,
      id: "acme-event",
    });
    expect(status).toBe(201);
    expect(text).toContain('"status":"recorded"');
    expect(text).not.toContain("4711");
    await isRefused("POST", "/v1/token-events", { ...GLOBEX_EVENT, organization: "acme" });
  },
  "GET /v1/token-events": () => reads("/v1/token-events"),
  async "GET /v1/token-events/summary"() {
    await reads("/v1/token-events/summary");
    await reads("/v1/token-events/summary?scope=task&id=same");
    await isRefused("GET", "/v1/token-events/summary?scope=organization&id=acme");
  },
  "GET /v1/token-events/series": () => reads("/v1/token-events/series?by=model"),
  async "GET /v1/usage/export"() {
    for (const format of ["ndjson", "json", "csv"]) {
      await reads(`/v1/usage/export?format=${format}`);
    }
  },
  async "GET /v1/stream"() {
    await isRefused("GET", "/v1/stream?organization=acme");
    const { url, globexToken, initech, globex } = tenants;
    const gone = new AbortController();
    const response = await fetch(`${url}/v1/stream`, {
      headers: { authorization: `Bearer ${globexToken}` },
      signal: gone.signal,
    });
    await initech("POST", "/v1/token-events", eventOf("streamed"));
    await globex("POST", "/v1/token-events", { ...GLOBEX_EVENT, note: "the end" });
    let seen = "";
    for await (const chunk of response.body ?? []) {
      seen += new TextDecoder().decode(chunk);
      if (seen.includes("the end")) break;
    }
    gone.abort();
    expect(seen).toContain("the end");
    expect(seen).not.toContain(MARK);
  },
  async "PUT /v1/tasks/{id}"() {
    await seesNothing("PUT", "/v1/tasks/same", { title: "globex" });
    await isRefused("PUT", "/v1/tasks/same?organization=acme", { title: "globex" });
  },
  async "PATCH /v1/tasks/{id}"() {
    const change = { status: "done", tokens: { tokens_in: 1, tokens_out: 1 } };
    await seesNothing("PATCH", "/v1/tasks/same", change);
    await isRefused("PATCH", "/v1/tasks/same?organization=acme", change);
  },
  "GET /v1/tasks/{id}": () => reads("/v1/tasks/same"),
  async "PUT /v1/workstreams/{id}"() {
    await seesNothing("PUT", "/v1/workstreams/same", { title: "globex" });
    await isRefused("PUT", "/v1/workstreams/same?organization=acme", { title: "globex" });
  },
  "GET /v1/workstreams/{id}": () => reads("/v1/workstreams/same"),
  "GET /v1/budgets": () => seesNothing("GET", "/v1/budgets"),
  async "PUT /v1/budgets/{id}"() {
    await isRefused("PUT", "/v1/budgets/acme-only", budgetOf("globex"));
    await isRefused("PUT", "/v1/budgets/mine", budgetOf("acme"));
    await isRefused("PUT", "/v1/budgets/mine", { limit: { usd: 1 }, window: "total" });
    await seesNothing("PUT", "/v1/budgets/globex-only", budgetOf("globex"));
  },
  "DELETE /v1/budgets/{id}": () => isRefused("DELETE", "/v1/budgets/acme-only"),
  async "POST /v1/budgets/check"() {
    // More than acme has left: its budget has no say.
    await seesNothing("POST", "/v1/budgets/check", { ...HOLD, cost_usd: 9.5 });
    await isRefused("POST", "/v1/budgets/check", { ...HOLD, organization: "acme" });
  },
  async "POST /v1/budgets/reserve"() {
    await seesNothing("POST", "/v1/budgets/reserve", { call: HOLD });
    await isRefused("POST", "/v1/budgets/reserve", { call: { ...HOLD, organization: "acme" } });
  },
  "POST /v1/budgets/settle": () =>
    isRefused("POST", "/v1/budgets/settle", { lease: tenants.acmeLease, cost_usd: 9 }, [400]),
  "POST /v1/budgets/release": () =>
    isRefused("POST", "/v1/budgets/release", { lease: tenants.acmeLease }, [400]),
  "GET /healthz": () => seesNothing("GET", "/healthz"),
  "GET /readyz": () => seesNothing("GET", "/readyz"),
};

/** What globex tries with each tool of MCP: what it may, and what it may not. */
const TOOLS: Readonly<Record<string, readonly (readonly [args: object, isAllowed: boolean])[]>> = {
  record_token_event: [
    [GLOBEX_EVENT, true],
    [{ ...GLOBEX_EVENT, organization: "acme" }, false],
  ],
  get_token_summary: [
    [{ scope: "task", id: "same" }, true],
    [{ scope: "task", id: "same", organization: "acme" }, false],
    [{ scope: "organization", id: "acme" }, false],
  ],
  update_task_status: [
    [{ task: "same", status: "blocked" }, true],
    [{ task: "same", status: "blocked", organization: "acme" }, false],
  ],
  check_budget: [
    [{ ...HOLD, cost_usd: 9.5 }, true],
    [{ ...HOLD, organization: "acme" }, false],
  ],
  list_budgets: [
    [{}, true],
    [{ budget: "acme-only" }, true],
  ],
  estimate_cost: [[{ provider: "openai", model: "gpt-4o", tokens_in: 1, tokens_out: 1 }, true]],
  forecast_spend: [
    [{}, true],
    [{ organization: "acme" }, false],
  ],
};

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const toolsSchema = z.object({
  result: z.object({ tools: z.array(z.object({ name: z.string() })) }),
});
const calledSchema = z.object({ result: z.object({ isError: z.boolean().optional() }) });

async function mcp(method: string, params: object): Promise<unknown> {
  const { text } = await tenants.globex("POST", "/mcp", { jsonrpc: "2.0", id: 1, method, params });
  expect(text).not.toContain("4711");
  return JSON.parse(text);
}

const attribute = (key: string, value: object): object => ({ key, value });

describe("of another tenant nothing is seen or changed", () => {
  test("at any route that the API has", async () => {
    const { text } = await tenants.globex("GET", "/openapi.json");
    const { paths } = documentSchema.parse(JSON.parse(text));
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(ROUTES).toSorted()).toEqual(routes.toSorted());
  });

  test.each(Object.entries(ROUTES))("by %s", async (_route, attempt) => {
    const before = await viewOfAcme();
    await attempt();
    expect(await viewOfAcme()).toEqual(before);
  });

  test("with any tool of MCP", async () => {
    const { result } = toolsSchema.parse(await mcp("tools/list", {}));
    const names = result.tools.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(TOOLS).toSorted());
  });

  test.each(Object.entries(TOOLS))("with %s", async (name, attempts) => {
    const before = await viewOfAcme();
    for (const [args, isAllowed] of attempts) {
      const answer = await mcp("tools/call", { name, arguments: args });
      expect(JSON.stringify(answer)).not.toContain(MARK);
      expect(calledSchema.parse(answer).result.isError === true).toBe(!isAllowed);
    }
    expect(await viewOfAcme()).toEqual(before);
  });

  test("in metrics, which tell of all tenants", async () => {
    expect((await tenants.globex("GET", "/metrics")).status).toBe(403);
  });

  test("by telemetry that says it is another's", async () => {
    const before = await viewOfAcme();
    const span = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      name: "chat gpt-4o",
      kind: 3,
      startTimeUnixNano: "1764000000000000000",
      endTimeUnixNano: "1764000001000000000",
      attributes: [
        attribute("gen_ai.operation.name", { stringValue: "chat" }),
        attribute("gen_ai.provider.name", { stringValue: "openai" }),
        attribute("gen_ai.request.model", { stringValue: "gpt-4o" }),
        attribute("gen_ai.usage.input_tokens", { intValue: "10" }),
        attribute("tollgate.organization", { stringValue: "acme" }),
      ],
    };
    const { status } = await tenants.globex("POST", "/v1/traces", {
      resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }],
    });
    expect(status).toBe(200);
    const waiting = await tenants.globex("GET", "/v1/token-events?state=waiting");
    expect(waiting.text).toContain("0af7651916cd43dd8448eb211c80319c");
    expect(waiting.text).not.toContain("acme");
    expect(await viewOfAcme()).toEqual(before);
    expect((await tenants.acme("GET", "/v1/token-events?state=waiting")).text).not.toContain(
      "0af7651916cd43dd8448eb211c80319c",
    );
  });
});

test("a tenant whose name is the beginning of another's cannot end the other's leases", async () => {
  const ended: string[] = [];
  const leases = createRemoteLeases(
    {
      reserve: () => Promise.reject(new Error("not asked for")),
      endLease: async (id) => void ended.push(id),
    },
    systemClock,
  );
  const caller = { tokenId: "a", organization: "a", scopes: new Set(["admin"] as const) };
  // That of call 1 of a/b is u.a%2Fb/1.
  await expect(leases.release(caller, "u.a%2Fb/1")).rejects.toThrow("none that this collector");
  expect(ended).toEqual([]);
});
