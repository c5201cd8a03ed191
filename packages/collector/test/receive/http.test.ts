import { deflateSync, gzipSync } from "node:zlib";
import { decodeOtlp } from "@tollgate/testkit";
import { describe, expect, test } from "vitest";
import { bytesOf, spanRequest } from "../otlp/decode-both.ts";
import { startReceiver } from "./start-receiver.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

type Sent = NonNullable<RequestInit["body"]>;

async function post(
  url: string,
  body: Sent | undefined,
  headers: Record<string, string>,
  path = "/v1/traces",
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers,
    ...(body !== undefined && { body, duplex: "half" }),
  });
}

const ONE_SPAN = spanRequest({ name: "chat" });
const AS_PROTOBUF = Uint8Array.from(bytesOf("traces", "protobuf", ONE_SPAN));
const AS_JSON = Uint8Array.from(bytesOf("traces", "json", ONE_SPAN));

describe("what is taken", () => {
  test.each([
    ["protobuf", PROTOBUF, AS_PROTOBUF, ""],
    ["JSON", JSON_TYPE, AS_JSON, "{}"],
    ["JSON with a charset", "application/JSON; charset=utf-8", AS_JSON, "{}"],
  ])("%s is answered in kind, empty when all was taken", async (_, type, body, expected) => {
    const { url, received } = await startReceiver();
    const response = await post(url, body, { "content-type": type });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type === PROTOBUF ? PROTOBUF : JSON_TYPE);
    expect(await response.text()).toBe(expected);
    expect(received).toMatchObject([{ batch: { signal: "traces", records: [{ name: "chat" }] } }]);
  });

  test.each([
    ["gzip", gzipSync(AS_PROTOBUF)],
    ["deflate", deflateSync(AS_PROTOBUF)],
    ["GZIP", gzipSync(AS_PROTOBUF)],
    ["identity", AS_PROTOBUF],
  ])("%s is read", async (encoding, body) => {
    const { url, received } = await startReceiver();
    const headers = { "content-type": PROTOBUF, "content-encoding": encoding };
    expect((await post(url, Uint8Array.from(body), headers)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test("a body of unknown length is read", async () => {
    const { url, received } = await startReceiver();
    const body = new Blob([gzipSync(AS_JSON)]).stream();
    const headers = { "content-type": JSON_TYPE, "content-encoding": "gzip" };
    expect((await post(url, body, headers)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test("an empty protobuf body is an export of nothing", async () => {
    const { url, received } = await startReceiver();
    expect((await post(url, undefined, { "content-type": PROTOBUF }, "/v1/logs")).status).toBe(200);
    expect(received).toMatchObject([{ batch: { signal: "logs", records: [] } }]);
  });

  test("records that cannot be used are counted in the answer", async () => {
    const { url } = await startReceiver();
    const request = spanRequest({}, { traceId: "" });
    const json = await post(url, bytesOf("traces", "json", request).toString(), {
      "content-type": JSON_TYPE,
    });
    expect(json.status).toBe(200);
    expect(await json.json()).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("trace id") },
    });
    const protobuf = await post(url, Uint8Array.from(bytesOf("traces", "protobuf", request)), {
      "content-type": PROTOBUF,
    });
    // 1: partial_success { 1: rejected = 1, 2: message }.
    const bytes = await protobuf.bytes();
    expect([...bytes.subarray(0, 1), ...bytes.subarray(2, 5)]).toEqual([0x0a, 0x08, 1, 0x12]);
    expect(Buffer.from(bytes).toString()).toContain("trace id of 16 bytes");
  });

  test("what the pipeline leaves out is counted as well, by the name of the signal", async () => {
    const { url } = await startReceiver({
      take: () => Promise.resolve({ outcome: "taken", rejected: 2, reason: "too old" }),
    });
    const response = await post(url, "{}", { "content-type": JSON_TYPE }, "/v1/metrics");
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedDataPoints: "2", errorMessage: "too old" },
    });
  });
});

function readStatus(bytes: Uint8Array): { code: number; message: string } {
  // google.rpc.Status { 1: code, 2: message }: all our codes and texts fit one byte.
  expect([bytes[0], bytes[2]]).toEqual([0x08, 0x12]);
  return { code: bytes[1] ?? 0, message: Buffer.from(bytes.subarray(4)).toString() };
}

describe("what is not", () => {
  async function refusal(
    type: string,
    body: Sent,
    more: Record<string, string> = {},
    limits = {},
  ): Promise<{ status: number; code: unknown; message: unknown }> {
    const { url, received } = await startReceiver({ limits });
    const response = await post(url, body, { "content-type": type, ...more });
    expect(received).toEqual([]);
    const { code, message }: { code?: unknown; message?: unknown } =
      response.headers.get("content-type") === PROTOBUF
        ? readStatus(await response.bytes())
        : Object(await response.json());
    return { status: response.status, code, message };
  }

  test.each([
    ["JSON", JSON_TYPE, "{"],
    ["protobuf", PROTOBUF, "\u000a\u007f"],
  ])("broken %s is a 400 with a google.rpc.Status", async (_, type, body) => {
    expect(await refusal(type, body)).toMatchObject({
      status: 400,
      code: 3,
      message: expect.stringContaining("not an OTLP export request"),
    });
  });

  test.each(["gzip", "deflate"])("a body that is not %s is a 400", async (encoding) => {
    const refused = await refusal(PROTOBUF, "plain", { "content-encoding": encoding });
    expect(refused).toMatchObject({ status: 400, code: 3 });
  });

  test("a gzip body that ends early is a 400", async () => {
    const body = Uint8Array.from(gzipSync(AS_PROTOBUF).subarray(0, 20));
    const refused = await refusal(PROTOBUF, body, { "content-encoding": "gzip" });
    expect(refused).toMatchObject({ status: 400, code: 3 });
  });

  test.each(["text/plain", "application/grpc", "", "nonsense"])(
    "the content type '%s' is a 415",
    async (type) => {
      expect(await refusal(type, new Blob(["{}"]))).toMatchObject({ status: 415 });
    },
  );

  test("an encoding that is not read is a 415", async () => {
    const refused = await refusal(PROTOBUF, "x", { "content-encoding": "zstd" });
    expect(refused).toMatchObject({ status: 415 });
  });

  const SMALL = { bodyBytes: 1_000, decompressedBytes: 4_000 };

  test("a body that says it is too large is a 413", async () => {
    expect(await refusal(PROTOBUF, Buffer.alloc(1_001), {}, SMALL)).toMatchObject({
      status: 413,
      code: 8,
    });
  });

  test("a body of unknown length that becomes too large is a 413", async () => {
    const body = new Blob([Buffer.alloc(200_000)]).stream();
    expect(await refusal(PROTOBUF, body, {}, SMALL)).toMatchObject({ status: 413 });
  });

  test("a body that decompresses to too much is a 413", async () => {
    const bomb = Uint8Array.from(gzipSync(Buffer.alloc(400_000)));
    expect(bomb.length).toBeLessThan(SMALL.bodyBytes);
    const refused = await refusal(PROTOBUF, bomb, { "content-encoding": "gzip" }, SMALL);
    expect(refused).toMatchObject({
      status: 413,
      message: expect.stringContaining("decompressed"),
    });
  });

  test("other methods are a 405", async () => {
    const { url } = await startReceiver();
    for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
      const response = await fetch(`${url}/v1/traces`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });

  test("a pipeline that cannot take it is a 429 or a 503, with when to come again", async () => {
    const answers = [{ outcome: "busy", retryAfterMs: 2_500 }, { outcome: "unavailable" }] as const;
    let turn = 0;
    const { url } = await startReceiver({
      take() {
        const answer = answers[turn++];
        return answer === undefined ? Promise.reject(new Error("broken")) : Promise.resolve(answer);
      },
    });
    const seen = [];
    for (let request = 0; request < 3; request++) {
      const { status, headers } = await post(url, AS_PROTOBUF, { "content-type": PROTOBUF });
      seen.push([status, headers.get("retry-after")]);
    }
    expect(seen).toEqual([
      [429, "3"],
      [503, "1"],
      [503, "1"],
    ]);
  });
});

test("the encoder of these tests writes what a plain library reads", () => {
  expect(decodeOtlp("traces", AS_PROTOBUF)).toMatchObject({
    resourceSpans: [{ scopeSpans: [{ spans: [{ name: "chat" }] }] }],
  });
});
