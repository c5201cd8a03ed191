export { createFakeClock } from "./fake-clock.ts";
export type { FakeClock } from "./fake-clock.ts";
export { runNode } from "./node-process.ts";
export type { NodeExit, NodeLaunch, NodeProcess } from "./node-process.ts";
export { decodeOtlp, encodeOtlp } from "./otlp/encode-otlp.ts";
export { formatPrometheusText, parsePrometheusText } from "./prometheus-text.ts";
export type { PrometheusFamily, PrometheusSample } from "./prometheus-text.ts";
export { eventStreamMessage } from "./provider/event-stream.ts";
export type { EventStreamKind } from "./provider/event-stream.ts";
export { startFakeProvider } from "./provider/fake-provider.ts";
export type { FakeProvider, FakeProviderOptions } from "./provider/fake-provider.ts";
export { hasToolResult } from "./provider/recorded-request.ts";
export type { FakeApi, RecordedRequest } from "./provider/recorded-request.ts";
export type { ReplyScript, ScriptedToolCall } from "./provider/script.ts";
export { startFakeRealtime } from "./realtime/fake-realtime.ts";
export type { FakeRealtime, FakeRealtimeOptions } from "./realtime/fake-realtime.ts";
export type { RealtimeConnection } from "./realtime/realtime-connection.ts";
export type { RealtimeScript, RealtimeUsage, Speech } from "./realtime/realtime-script.ts";
export { startAlertmanager } from "./servers/alertmanager.ts";
export type { AlertmanagerServer } from "./servers/alertmanager.ts";
export { findServer } from "./servers/find-server.ts";
export { findPostgres, startPostgres } from "./servers/postgres.ts";
export type { PostgresOptions, PostgresServer } from "./servers/postgres.ts";
export { startPrometheus } from "./servers/prometheus.ts";
export type {
  PrometheusOptions,
  PrometheusServer,
  PrometheusVectorEntry,
} from "./servers/prometheus.ts";
export { startServer } from "./servers/server-process.ts";
export type { ServerLaunch, ServerProcess } from "./servers/server-process.ts";
export { startRedis, startRedisCluster } from "./servers/redis.ts";
export type { RedisCluster, RedisOptions, RedisServer } from "./servers/redis.ts";
export { captureTelemetry } from "./telemetry-capture.ts";
export type { TelemetryCapture, TelemetryCaptureOptions } from "./telemetry-capture.ts";
