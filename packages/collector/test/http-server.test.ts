import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@tollgate/config";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isPublicName } from "../src/access/foreign-pages.ts";
import { startCollector, type RunningCollector } from "../src/index.ts";

let folder: string;
let collector: RunningCollector;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-http-"));
  collector = await startCollector({
    config: loadConfig({ env: {}, cwd: folder }),
    dataFolder: folder,
    port: 0,
    grpcPort: false,
  });
}, 60_000);
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends text as it is, and reads until the collector closes. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(collector.url).port), "127.0.0.1", () => {
      socket.write(text);
    });
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

const get = (path: string, ...headers: readonly string[]): Promise<string> =>
  send([`GET ${path} HTTP/1.1`, "Connection: close", ...headers, "", ""].join("\r\n"));

test.each(["127.0.0.1:4318", "localhost", "[::1]:4318", "host.docker.internal:4318", "collector"])(
  "a request to %s is answered without tokens",
  async (host) => {
    expect(await get("/v1/budgets", `Host: ${host}`)).toMatch(/^HTTP\/1.1 200 /);
  },
);

test.each([
  ["to the name of a web page", ["Host: rebound.example.com:4318"]],
  ["from a web page", ["Host: 127.0.0.1", "Origin: https://page.example.com"]],
])("a request %s is refused without tokens", async (_, headers) => {
  const answer = await get("/v1/budgets", ...headers);
  expect(answer).toMatch(/^HTTP\/1.1 403 /);
  expect(answer).toContain("tollgate token create");
});

test.each([
  ["example.com.", true],
  ["127.0.0.1.evil.example", true],
  ["notlocalhost.com", true],
  ["app.localhost:1", false],
  ["10.0.0.1:4318", false],
])("whether somebody may have registered %s: %s", (host, isPublic) => {
  expect(isPublicName(host)).toBe(isPublic);
});

test("headers above 16 KiB are refused", async () => {
  const answer = await get("/healthz", "Host: localhost", `X: ${"x".repeat(20_000)}`);
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
});

test("a body above 4 MiB is refused before it is sent", async () => {
  const answer = await send(
    [
      "POST /v1/token-events HTTP/1.1",
      "Host: localhost",
      "Connection: close",
      "Content-Type: application/json",
      `Content-Length: ${5 * 1024 * 1024}`,
      "",
      "",
    ].join("\r\n"),
  );
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
});

test("an id may have 256 characters, whatever they are", async () => {
  const id = encodeURIComponent("ü/".repeat(128)).replaceAll(/%2F/g, "%2F");
  expect(await get(`/v1/tasks/${id}`, "Host: localhost")).toContain("is known");
});

test("browsers take nothing for what it is not, and pages of /docs run only scripts of the collector", async () => {
  expect(await get("/v1/budgets", "Host: localhost")).toMatch(/^x-content-type-options: nosniff/im);
  expect(await get("/docs/", "Host: localhost")).toMatch(
    /^content-security-policy: .*script-src/im,
  );
});
