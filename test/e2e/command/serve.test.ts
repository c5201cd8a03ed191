import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createToken, makeFolder, post, run, serve, taskTotals } from "./command.ts";

const EVENT = { tokens_in: 100, tokens_out: 5, provider: "openai", model: "gpt-4o", task: "T-1" };

test("serves until it is stopped, and has it all again after a restart", async () => {
  const folder = makeFolder();
  const first = await serve(folder);
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  expect((await post(`${first.url}/v1/token-events`, EVENT)).status).toBe(201);
  expect(await taskTotals(first.url, "T-1")).toMatchObject({ events: 1, tokens_in: 100 });
  // Whoever follows events does not keep it from ending.
  const following = await fetch(`${first.url}/v1/stream`);
  first.process.kill("SIGTERM");
  const { code, stdout, stderr } = await first.process.exited;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n")).toHaveLength(3);
  expect(await following.text()).toContain(": tollgate");

  const second = await serve(folder);
  expect(await taskTotals(second.url, "T-1")).toMatchObject({ events: 1, tokens_in: 100 });
});

test("does not listen where others reach it without tokens", async () => {
  const args = ["serve", "--host", "0.0.0.0", "--port", "0", "--data", makeFolder()];
  const { code, stdout, stderr } = await run(args);
  expect(code).toBe(78);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^tollgate: the collector is to listen on 0\.0\.0\.0.*tollgate token create/,
  );
});

test("a wrong configuration is told with its place", async () => {
  const folder = makeFolder();
  const file = join(folder, "tollgate.yaml");
  writeFileSync(file, "collector:\n  prot: 1\n");
  const { code, stderr } = await run(["serve", "--config", file, "--data", folder]);
  expect(code).toBe(78);
  expect(stderr).toContain('/tollgate.yaml:2:3  collector.prot: unknown key; did you mean "port"?');
  expect(stderr).not.toContain("    at ");
});

test.each(["--port", "--grpc-port"])("a port that is taken is told: %s", async (option) => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = addressOf(taken.address());
  const other = option === "--port" ? ["--no-grpc"] : ["--port", "0"];
  const args = ["serve", option, String(port), ...other, "--data", makeFolder()];
  const { code, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `tollgate: port ${port} of 127.0.0.1 is taken; choose another with ${option}`,
  );
});

test("a token lets in who has it, until it is revoked", async () => {
  const folder = makeFolder();
  const { id, token } = await createToken(folder, "--scope", "ingest");
  const { url } = await serve(folder);
  const events = `${url}/v1/token-events`;
  expect((await post(events, EVENT)).status).toBe(401);
  expect((await post(events, EVENT, token)).status).toBe(201);
  const reading = await fetch(events, { headers: { authorization: `Bearer ${token}` } });
  expect(reading.status).toBe(403);
  await run(["token", "revoke", id, "--data", folder]);
  await expect
    .poll(async () => (await post(events, EVENT, token)).status, { timeout: 20_000 })
    .toBe(401);
});

const budget = (usd: number): string =>
  `budgets: [{ id: all, limit: { usd: ${usd} }, window: total }]\n`;

test("budgets of an edited configuration count while it runs", async () => {
  const folder = makeFolder();
  const file = join(folder, "tollgate.yaml");
  writeFileSync(file, budget(5));
  const { url } = await serve(folder, ["--config", file]);
  const limits = async (): Promise<string> => (await fetch(`${url}/v1/budgets`)).text();
  expect(await limits()).toContain('"limit":{"usd":5}');
  writeFileSync(file, budget(7));
  await expect.poll(limits, { timeout: 20_000 }).toContain('"limit":{"usd":7}');
});

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return address;
}
