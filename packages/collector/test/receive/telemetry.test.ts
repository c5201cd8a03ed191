import { captureTelemetry } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { bytesOf, spanRequest } from "../otlp/decode-both.ts";
import { createGrpcSender } from "./grpc-sender.ts";
import { createHangingPipeline } from "./hanging-pipeline.ts";
import { startReceiver } from "./start-receiver.ts";

test("requests, records, bytes and the queue are counted", async () => {
  const capture = captureTelemetry();
  onTestFinished(() => capture.shutdown());
  const pipeline = createHangingPipeline();
  const { url, grpcPort } = await startReceiver({
    take: pipeline.take,
    meter: capture.meterProvider.getMeter("collector"),
    limits: { valueBytes: 100 },
  });
  const body = bytesOf("traces", "json", spanRequest({ name: "x".repeat(101) }, { traceId: "" }));
  const post = (type: string): Promise<Response> =>
    fetch(`${url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": type },
      body: body.toString(),
    });

  const under = post("application/json");
  await pipeline.untilWaiting(1);
  expect(await capture.value("tollgate_collector_queue_bytes")).toBe(body.length);
  expect(await capture.value("tollgate_collector_queue_requests")).toBe(1);
  pipeline.letGo();
  await under;
  await post("application/x-protobuf");
  await post("text/plain");
  const sent = createGrpcSender(grpcPort)(bytesOf("traces", "protobuf", spanRequest({})));
  await pipeline.untilWaiting(1);
  pipeline.letGo();
  await sent;

  const count = (name: string, labels: Record<string, string>): Promise<number | undefined> =>
    capture.value(
      `tollgate_collector_${name}`,
      Object.fromEntries(
        Object.entries(labels).map(([label, value]) => [
          label === "outcome" ? "tollgate_outcome" : `tollgate_collector_${label}`,
          value,
        ]),
      ),
    );
  expect([
    await count("requests_total", { protocol: "http/json", outcome: "partial" }),
    await count("requests_total", { protocol: "http/protobuf", outcome: "undecodable" }),
    await count("requests_total", { protocol: "http", outcome: "unsupported" }),
    await count("requests_total", { protocol: "grpc", outcome: "accepted", signal: "traces" }),
    await count("records_total", { signal: "traces", outcome: "accepted" }),
    await count("records_total", { signal: "traces", outcome: "rejected" }),
    await count("values_cut_total", { signal: "traces" }),
    await count("received_bytes_total", { protocol: "http/json" }),
    await count("decode_seconds_count", { protocol: "grpc" }),
    await count("queue_bytes", {}),
  ]).toEqual([1, 1, 1, 1, 2, 1, 1, body.length, 1, 0]);
});
