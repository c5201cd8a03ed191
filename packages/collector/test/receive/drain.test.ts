import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { createHangingPipeline } from "./hanging-pipeline.ts";
import { startReceiver } from "./start-receiver.ts";
import { createGrpcSender } from "./grpc-sender.ts";

function post(url: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}/v1/traces`, { method: "POST", headers, body: "{}" });
}

test("draining answers what is under way, and takes nothing more", async () => {
  const pipeline = createHangingPipeline();
  const { receiver, url, grpcPort } = await startReceiver({ take: pipeline.take });
  const send = createGrpcSender(grpcPort);
  const under = [post(url), send(Buffer.alloc(0))] as const;
  await pipeline.untilWaiting(2);
  let drained = false;
  const draining = receiver.drain().then(() => (drained = true));
  const late = await post(url);
  expect(late.status).toBe(503);
  expect(late.headers.get("retry-after")).toBe("1");
  expect((await send(Buffer.alloc(0))).code).toBe(status.UNAVAILABLE);
  expect(drained).toBe(false);
  pipeline.letGo();
  expect((await under[0]).status).toBe(200);
  expect((await under[1]).code).toBe(status.OK);
  await draining;
  expect((await createGrpcSender(grpcPort)(Buffer.alloc(0))).code).toBe(status.UNAVAILABLE);
});

test("draining gives up when it is told to", async () => {
  const pipeline = createHangingPipeline();
  const { receiver, url } = await startReceiver({ take: pipeline.take });
  const under = post(url);
  await pipeline.untilWaiting(1);
  const giveUp = new AbortController();
  const draining = receiver.drain(giveUp.signal);
  giveUp.abort();
  await expect(draining).resolves.toBeUndefined();
  pipeline.letGo();
  expect((await under).status).toBe(200);
});

test("a server that closes drains first", async () => {
  const pipeline = createHangingPipeline();
  const { url, server } = await startReceiver({ take: pipeline.take });
  const under = post(url);
  await pipeline.untilWaiting(1);
  const closing = server.close();
  pipeline.letGo();
  expect((await under).status).toBe(200);
  await closing;
});
