import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { bytesOf, spanRequest } from "../otlp/decode-both.ts";
import { createGrpcSender } from "./grpc-sender.ts";
import { createHangingPipeline } from "./hanging-pipeline.ts";
import { startReceiver } from "./start-receiver.ts";

const ONE_SPAN = bytesOf("traces", "protobuf", spanRequest({ name: "chat" }));

test("gzipped messages are taken, the answer is empty when all was", async () => {
  const { grpcPort, received } = await startReceiver();
  const outcome = await createGrpcSender(grpcPort)(ONE_SPAN);
  expect(outcome).toEqual({ code: status.OK, response: Buffer.alloc(0) });
  expect(received).toMatchObject([{ batch: { records: [{ name: "chat" }] } }]);
});

test("each signal has its service", async () => {
  const { grpcPort, received } = await startReceiver();
  const send = createGrpcSender(grpcPort);
  await send(Buffer.alloc(0), {}, "opentelemetry.proto.collector.logs.v1.LogsService");
  await send(Buffer.alloc(0), {}, "opentelemetry.proto.collector.metrics.v1.MetricsService");
  expect(received.map(({ batch }) => batch.signal)).toEqual(["logs", "metrics"]);
  expect((await send(ONE_SPAN, {}, "some.Service")).code).toBe(status.UNIMPLEMENTED);
});

test("records that cannot be used are counted in the answer", async () => {
  const { grpcPort } = await startReceiver();
  const body = bytesOf("traces", "protobuf", spanRequest({}, { spanId: "" }));
  const { response } = await createGrpcSender(grpcPort)(body);
  expect([...(response?.subarray(2, 4) ?? [])]).toEqual([0x08, 1]);
  expect(response?.toString()).toContain("span id of 8");
});

test("a message that is no export is an INVALID_ARGUMENT", async () => {
  const { grpcPort } = await startReceiver();
  expect(await createGrpcSender(grpcPort)(Buffer.of(0x0a, 0x7f))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining("not an OTLP export request"),
    statusDetails: undefined,
  });
});

test("a message that is too large, or decompresses to too much, is a RESOURCE_EXHAUSTED for good", async () => {
  const { grpcPort } = await startReceiver({ limits: { bodyBytes: 10_000 } });
  expect(await createGrpcSender(grpcPort)(Buffer.alloc(100_000))).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    statusDetails: undefined,
  });
});

test("who does not fit into the queue is told when to come again", async () => {
  const pipeline = createHangingPipeline();
  const { grpcPort } = await startReceiver({
    take: pipeline.take,
    limits: { queueRequests: 1, retryAfterMs: 1_500 },
  });
  const send = createGrpcSender(grpcPort);
  const first = send(ONE_SPAN);
  await pipeline.untilWaiting(1);
  const { code, statusDetails } = await send(ONE_SPAN);
  expect(code).toBe(status.RESOURCE_EXHAUSTED);
  // google.rpc.Status { 1: code = 8, …, 3: Any { 1: type, 2: RetryInfo { 1: Duration { 1: 1 s, 2: 500,000,000 ns } } } }
  expect(statusDetails?.subarray(0, 2)).toEqual(Buffer.of(0x08, 8));
  expect(statusDetails?.toString("latin1")).toContain("type.googleapis.com/google.rpc.RetryInfo");
  const nanos = [0x80, 0xca, 0xb5, 0xee, 0x01];
  expect(statusDetails?.subarray(-12)).toEqual(
    Buffer.of(0x12, 10, 0x0a, 8, 0x08, 1, 0x10, ...nanos),
  );
  pipeline.letGo();
  expect((await first).code).toBe(status.OK);
});

test("a pipeline that breaks is UNAVAILABLE", async () => {
  const { grpcPort } = await startReceiver({ take: () => Promise.reject(new Error("disk full")) });
  const outcome = await createGrpcSender(grpcPort)(ONE_SPAN);
  expect(outcome.code).toBe(status.UNAVAILABLE);
  expect(outcome.details).not.toContain("disk");
  expect(outcome.statusDetails).toBeDefined();
});

test("who sends is asked before a message is read", async () => {
  const { grpcPort, received } = await startReceiver({
    authenticate({ header, peer }) {
      if (header("authorization") !== "Bearer good") {
        return { known: false, refusal: "unauthenticated", reason: "no such token" };
      }
      return {
        known: true,
        caller: { id: `a from ${peer.split(":")[0]}`, attribution: { project: "p" } },
      };
    },
  });
  const send = createGrpcSender(grpcPort);
  expect(await send(ONE_SPAN)).toMatchObject({
    code: status.UNAUTHENTICATED,
    details: "no such token",
  });
  expect((await send(ONE_SPAN, { authorization: "Bearer good" })).code).toBe(status.OK);
  expect(received).toMatchObject([
    { caller: { id: "a from 127.0.0.1", attribution: { project: "p" } } },
  ]);
});
