import { describe, expect, test } from "vitest";
import { createRig, USAGE, type Rig, type RigOptions } from "./setup.ts";

const TEXT = "Grüße aus der Küche 🍲, heute gibt es Suppe.";

const rigged = (options: RigOptions = {}): Promise<Rig> =>
  createRig({
    endpoints: [{ host: "127.0.0.1", provider: "openai" }],
    provider: { script: { usage: USAGE, text: TEXT, split: "odd" } },
    ...options,
  });

/** What the app would get without us, but for ids and times. */
async function plain(rig: Rig, body: object): Promise<string> {
  const url = `${rig.provider.openaiBaseUrl}/chat/completions`;
  const request = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Say something." }] };
  const init = { method: "POST", body: JSON.stringify({ ...request, ...body }) };
  return normalised(await (await fetch(url, init)).text());
}

const textOf = (body: ReadableStream | null): Promise<string> => new Response(body).text();

const normalised = (text: string): string =>
  text
    .replaceAll(/"(id|obfuscation)": ?"[^"]*"/g, '"$1":""')
    .replaceAll(/"created": ?\d+/g, '"created":0')
    // Once asked for usage, the API says that the other chunks have none.
    .replaceAll(',"usage":null', "");

describe("a stream whose app did not ask for usage", () => {
  test("is metered by the provider's counts all the same, and the app sees what it asked for", async () => {
    const rig = await rigged();
    const response = await rig.chat({ stream: true });
    expect(response.url).toContain("/v1/chat/completions");
    expect(normalised(await response.text())).toBe(await plain(rig, { stream: true }));
    expect(rig.events[0]).toMatchObject({ usage: USAGE, estimated: false, outcome: "ok" });
    expect(rig.provider.requests[0]?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("can be read by BYOB readers, iteration, tee and pipes", async () => {
    const rig = await rigged();
    const expected = await plain(rig, { stream: true });
    const streamed = (): Promise<Response> => rig.chat({ stream: true });
    const readers = [
      async () => textOf((await streamed()).body),
      async () => textOf((await streamed()).body?.tee()[1] ?? null),
      async () => textOf((await streamed()).body?.pipeThrough(new TransformStream()) ?? null),
      async () => textOf((await streamed()).clone().body),
      async () => {
        const reader = (await streamed()).body?.getReader({ mode: "byob" });
        const parts: Uint8Array[] = [];
        for (;;) {
          const result = await reader?.read(new Uint8Array(50));
          if (result?.value) parts.push(result.value);
          if (result?.done !== false) return Buffer.concat(parts).toString();
        }
      },
    ];
    for (const read of readers) expect(normalised(await read())).toBe(expected);
    expect(rig.events.map(({ usage }) => usage)).toMatchObject(readers.map(() => USAGE));
  });

  test("a cancel reaches the server, and is booked", async () => {
    const rig = await rigged({ provider: { script: { hangAfterChunks: 3 } } });
    const reader = (await rig.chat({ stream: true })).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await rig.provider.requests[0]?.ended;
    expect(rig.provider.requests[0]?.closedByClient).toBe(true);
    expect(rig.events).toMatchObject([{ outcome: "cancelled", estimated: true }]);
  });

  test("a stream that breaks gives the app its own error", async () => {
    const rig = await rigged({ provider: { script: { closeAfterChunks: 2 } } });
    await expect((await rig.chat({ stream: true })).text()).rejects.toThrow("terminated");
    expect(rig.events).toMatchObject([{ outcome: "error" }]);
  });
});

describe("is not asked for", () => {
  test.each([
    ["of an app that asks itself", { stream: true, stream_options: { include_usage: true } }],
    ["of an app that wants none", { stream: true, stream_options: { include_usage: false } }],
    ["of a call that does not stream", {}],
  ])("%s", async (_name, body) => {
    const rig = await rigged();
    expect(normalised(await (await rig.chat(body)).text())).toBe(await plain(rig, body));
    expect(rig.provider.requests[0]?.body["stream_options"]).toEqual(
      rig.provider.requests[1]?.body["stream_options"],
    );
  });

  test.each([
    ["of a server that nobody has named", { endpoints: [] }],
    ["when it is switched off", { injectUsage: false }],
  ])("%s", async (_name, options) => {
    const rig = await rigged(options);
    await (await rig.chat({ stream: true })).text();
    expect(rig.provider.requests[0]?.body["stream_options"]).toBeUndefined();
    expect(rig.events[0]).toMatchObject({ estimated: true });
  });
});

test("a form posted to a path like ours at an unknown host is left alone", async () => {
  const rig = await createRig({
    policies: [{ id: "hard", limit: { usd: 1 }, window: "day", guarantee: "hard" }],
  });
  const form = new FormData();
  form.set("answer", "yes");
  const url = `${rig.provider.url}/v1/responses`;
  expect((await rig.fetch(url, { method: "POST", body: form })).status).not.toBe(402);
  expect(rig.events).toEqual([]);
});
