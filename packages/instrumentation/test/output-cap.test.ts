import { budgetExceeded } from "@tollgate/core";
import { describe, expect, test } from "vitest";
import { createRig, reservedOf, spentOf, STREAMED, type Rig, type RigOptions } from "./setup.ts";

/** 10,000 tokens of gpt-4o-mini's output are $0.006; half of that fits. */
const PART_FITS = { id: "part", limit: { usd: 0.003 }, window: "total", clip: true };
const ASKED = 10_000;
const LONG = { script: { text: "word ".repeat(20_000) } };

const rigged = (policy: object, options: RigOptions = {}): Promise<Rig> =>
  createRig({
    endpoints: [{ host: "127.0.0.1", provider: "openai" }],
    policies: [policy],
    provider: LONG,
    ...options,
  });

const limitSeen = (rig: Rig, member = "max_tokens"): unknown =>
  rig.provider.requests[0]?.body[member];

const chatUrl = (rig: Rig): string => `${rig.provider.openaiBaseUrl}/chat/completions`;

const BODY = JSON.stringify({
  model: "gpt-4o-mini",
  max_tokens: ASKED,
  messages: [{ role: "user", content: "Schreib, so viel du willst 🍲" }],
});
const POST = { method: "POST", headers: { "content-type": "application/json" } } as const;

describe.each(["hard", "bounded"])("a %s budget of which only part fits", (guarantee) => {
  test("lets the call through with a cap, and is not exceeded", async () => {
    // A bounded budget holds what such calls usually need, which is more than is left here.
    const usd = guarantee === "hard" ? 0.003 : 0.000_5;
    const rig = await rigged({ ...PART_FITS, limit: { usd }, guarantee });
    const response = await rig.chat({ max_tokens: ASKED });
    expect(response.status).toBe(200);
    await response.json();
    expect(limitSeen(rig)).toBeLessThan(ASKED);
    expect(limitSeen(rig)).toBeGreaterThan(usd * 1e6);
    expect(rig.events).toMatchObject([{ outcome: "ok", usage: { outputTokens: limitSeen(rig) } }]);
    expect(await spentOf(rig.budget)).toBeLessThanOrEqual(usd * 1e9);
    expect(await reservedOf(rig.budget)).toBe(0);
  });

  test("caps streams too", async () => {
    const rig = await rigged({ ...PART_FITS, limit: { usd: 0.000_5 }, guarantee });
    await (await rig.chat({ ...STREAMED, max_tokens: ASKED })).text();
    expect(limitSeen(rig)).toBeLessThan(ASKED);
    expect(await spentOf(rig.budget)).toBeLessThanOrEqual(500_000);
    expect(rig.events).toMatchObject([{ outcome: "ok", estimated: false }]);
  });
});

describe("a call that a budget caps", () => {
  const HARD = { ...PART_FITS, guarantee: "hard" };

  test("leaves as it was but for the limit", async () => {
    const rig = await rigged(HARD);
    await (await rig.fetch(chatUrl(rig), { ...POST, body: BODY })).text();
    const capped = String(limitSeen(rig));
    expect(rig.provider.requests[0]?.bodyText).toBe(BODY.replace(String(ASKED), capped));
    expect(Number(capped)).toBeLessThan(ASKED);
  });

  test("that names no limit gets one, in the member that its vendor obeys", async () => {
    const rig = await rigged({ ...HARD, limit: { usd: 0.001 } });
    await (await rig.chat()).text();
    expect(limitSeen(rig, "max_completion_tokens")).toBeLessThan(2_000);
    const other = await rigged(
      { ...HARD, limit: { tokens: 2_000 } },
      { endpoints: [{ host: "127.0.0.1", provider: "deepseek" }] },
    );
    await (await other.chat({ model: "deepseek-chat" })).text();
    expect(limitSeen(other)).toBeLessThan(2_000);
  });

  test("asks for its usage too, where that is left out else", async () => {
    const rig = await rigged(HARD);
    const text = await (await rig.chat({ stream: true, max_tokens: ASKED })).text();
    expect(text).not.toContain('"usage":{');
    expect(rig.provider.requests[0]?.body).toMatchObject({
      stream_options: { include_usage: true },
    });
    expect(limitSeen(rig)).toBeLessThan(ASKED);
    expect(rig.events).toMatchObject([{ estimated: false }]);
  });

  const bytes = new TextEncoder().encode(BODY);
  test.each<[string, (url: string) => [string | Request, RequestInit?]]>([
    ["bytes", (url) => [url, { ...POST, body: bytes }]],
    ["a buffer", (url) => [url, { ...POST, body: bytes.buffer }]],
    ["a Request", (url) => [new Request(url, { ...POST, body: BODY })]],
    [
      "text of a stated length",
      (url) => [
        url,
        { ...POST, headers: { ...POST.headers, "content-length": `${bytes.length}` }, body: BODY },
      ],
    ],
  ])("may be sent as %s", async (_name, request) => {
    const rig = await rigged(HARD);
    expect((await rig.fetch(...request(chatUrl(rig)))).status).toBe(200);
    const bodyText = BODY.replace(String(ASKED), String(limitSeen(rig)));
    expect(rig.provider.requests).toMatchObject([
      {
        bodyText,
        headers: {
          "content-length": String(Buffer.byteLength(bodyText)),
          "content-type": "application/json",
        },
      },
    ]);
  });

  test("asks for less already: it is refused when less still is left", async () => {
    const rig = await rigged(HARD);
    await (await rig.chat({ max_tokens: 4_000 })).json();
    expect(limitSeen(rig)).toBe(4_000);
  });
});

describe("is refused as a whole", () => {
  const HARD = { ...PART_FITS, guarantee: "hard" };

  test("what has no room for the least output", async () => {
    const rig = await rigged({ ...HARD, limit: { usd: 0.000_001 } });
    const response = await rig.chat({ max_tokens: ASKED });
    expect(budgetExceeded(await response.json())).toMatchObject({ reason: "exceeded" });
    expect(rig.provider.requests).toEqual([]);
  });

  test("what thinks for longer than fits", async () => {
    const rig = await rigged({ ...HARD, limit: { tokens: 9_000 } });
    const ask = (budget_tokens: number): Promise<Response> =>
      rig.fetch(`${rig.provider.url}/v1/messages`, {
        ...POST,
        body: JSON.stringify({
          model: "claude-sonnet-4-6",
          max_tokens: 20_000,
          thinking: { type: "enabled", budget_tokens },
          messages: [{ role: "user", content: "Think." }],
        }),
      });
    expect((await ask(15_000)).status).toBe(402);
    expect((await ask(2_000)).status).toBe(200);
    expect(limitSeen(rig)).toBeGreaterThan(2_000);
    expect(limitSeen(rig)).toBeLessThan(9_000);
  });

  test.each([
    ["signed", { headers: { authorization: "AWS4-HMAC-SHA256 Credential=a" } }],
    ["of a stated digest", { headers: { "content-digest": "sha-256=:abc:" } }],
    ["bytes that are no text", { body: Buffer.from(BODY.replace("🍲", "ü"), "latin1") }],
  ])("a body that is %s", async (_name, init) => {
    const rig = await rigged(HARD);
    const response = await rig.fetch(chatUrl(rig), { ...POST, body: BODY, ...init });
    expect(response.status).toBe(402);
    expect(await reservedOf(rig.budget)).toBe(0);
  });
});

describe("a policy's maxOutputTokens", () => {
  const POLICY = { ...PART_FITS, guarantee: "hard", limit: { usd: 1 }, maxOutputTokens: 500 };

  test("is put on every request that asks for more, so that none overruns", async () => {
    const rig = await rigged(POLICY);
    await (await rig.chat({ max_tokens: ASKED })).json();
    await (await rig.chat()).json();
    await (await rig.chat({ max_tokens: 20 })).json();
    expect(rig.provider.requests.map(({ body }) => body)).toMatchObject([
      { max_tokens: 500 },
      { max_completion_tokens: 500 },
      { max_tokens: 20 },
    ]);
    expect(rig.events.map(({ usage }) => usage?.outputTokens)).toEqual([500, 500, 20]);
  });

  test("is only assumed where the budget does not clip", async () => {
    const rig = await rigged({ ...POLICY, clip: false });
    await (await rig.chat({ max_tokens: ASKED })).json();
    expect(limitSeen(rig)).toBe(ASKED);
  });

  test("changes nothing for a budget that only warns", async () => {
    const rig = await rigged({ ...POLICY, onExceed: "alert" });
    await (await rig.chat({ max_tokens: ASKED })).json();
    expect(limitSeen(rig)).toBe(ASKED);
  });

  test("is not assumed of a request that cannot be capped", async () => {
    const rig = await rigged({ ...POLICY, limit: { usd: 0.001 } });
    const headers = { authorization: "AWS4-HMAC-SHA256 Credential=a" };
    const response = await rig.fetch(chatUrl(rig), { ...POST, headers, body: BODY });
    expect(response.status).toBe(402);
  });
});

test("fifty calls at once under a hard budget: all that pass are capped, and it is never exceeded", async () => {
  const rig = await rigged({ ...PART_FITS, guarantee: "hard", limit: { usd: 0.02 } });
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => rig.chat({ max_tokens: ASKED })),
  );
  await Promise.all(responses.map((response) => response.text()));
  expect(responses.filter(({ ok }) => ok)).toHaveLength(4);
  expect(await spentOf(rig.budget)).toBeLessThanOrEqual(20_000_000);
  expect(await reservedOf(rig.budget)).toBe(0);
});
