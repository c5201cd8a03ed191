import { expect, test } from "vitest";
import { startReceiver } from "./start-receiver.ts";
import { ANONYMOUS, type Authenticated } from "../../src/index.ts";

const BODY = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };

test("everyone is anonymous by default", async () => {
  const { url, received } = await startReceiver();
  await fetch(`${url}/v1/logs`, BODY);
  expect(received[0]?.caller).toBe(ANONYMOUS);
});

test("the headers decide who it is", async () => {
  const { url, received } = await startReceiver({
    authenticate: ({ header, peer }) => ({
      known: true,
      caller: { id: `${header("x-token")} ${peer}`, attribution: { organization: "acme" } },
    }),
  });
  await fetch(`${url}/v1/logs`, { ...BODY, headers: { ...BODY.headers, "X-Token": "t" } });
  expect(received[0]?.caller).toEqual({
    id: "t 127.0.0.1",
    attribution: { organization: "acme" },
  });
});

test.each<readonly [string, () => Authenticated, number, string | null]>([
  ["unknown", () => ({ known: false, refusal: "unauthenticated", reason: "who?" }), 401, "Bearer"],
  ["not allowed", () => ({ known: false, refusal: "forbidden", reason: "not you" }), 403, null],
  [
    "not to be checked now",
    () => {
      throw new Error("the token store is down");
    },
    503,
    null,
  ],
])("who is %s is refused", async (_, authenticate, expected, challenge) => {
  const { url, received } = await startReceiver({ authenticate });
  const { status, headers } = await fetch(`${url}/v1/logs`, BODY);
  expect(status).toBe(expected);
  expect(headers.get("www-authenticate")).toBe(challenge);
  expect(received).toEqual([]);
});
