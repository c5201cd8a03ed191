import * as z from "zod";
import type { AttributionConfig, AttributionInput } from "./attribution-rules.ts";
import { attributionSchema } from "./attribution-rules-schema.ts";

/** How `tollgate serve` runs. Its flags win. */
export interface CollectorConfig extends Omit<CollectorInput, "attribution"> {
  readonly attribution: AttributionConfig;
}

/** As people write it. */
export interface CollectorInput {
  /** Off loopback it must have tokens. @defaultValue `127.0.0.1` */
  readonly host?: string | undefined;
  /** OTLP over HTTP, REST, MCP and `/metrics`. @defaultValue `4318` */
  readonly port?: number | undefined;
  /** OTLP over gRPC; `false` for none. @defaultValue `4317` */
  readonly grpcPort?: number | false | undefined;
  /** The file of tokens. @defaultValue `tokens.json` in the data folder */
  readonly tokens?: string | undefined;
  /** `/metrics` may be read without a token. @defaultValue `false` */
  readonly openMetrics?: boolean | undefined;
  /** Who is charged for what telemetry tells of. */
  readonly attribution?: AttributionInput | undefined;
  /** How long a span waits for another inside of it that tells of the same tokens. @defaultValue `10` */
  readonly dedupWindowSeconds?: number | undefined;
  /** How long metrics wait for the same sender's spans or logs. @defaultValue `90` */
  readonly signalWindowSeconds?: number | undefined;
  /**
   * Counts what instrumented apps tell of in this process's metrics too: for apps that are not scraped themselves.
   *
   * @defaultValue `false`
   */
  readonly countInstrumented?: boolean | undefined;
  /** Sends its metrics on by OTLP over HTTP, such as to an OpenTelemetry Collector. */
  readonly forward?:
    | { readonly url: string; readonly headers?: Readonly<Record<string, string>> | undefined }
    | undefined;
}

const PORT_HINT = "write a port from 0 to 65535; 0 takes any free one";
const SECONDS_HINT = "write a number of seconds from 0 to 3600";
const HOST_HINT = "write an address to listen on, such as 127.0.0.1 or 0.0.0.0";
const URL_HINT = "write where OTLP metrics go, such as http://otel-collector:4318/v1/metrics";
const PATH_HINT = "write the path of a file, such as ./tokens.json";

const port = z.int({ error: PORT_HINT }).min(0, PORT_HINT).max(65_535, PORT_HINT);
const seconds = z.number({ error: SECONDS_HINT }).min(0, SECONDS_HINT).max(3_600, SECONDS_HINT);

export const collectorSchema: z.ZodType<CollectorConfig, CollectorInput> = z.strictObject(
  {
    host: z.string({ error: HOST_HINT }).trim().min(1, HOST_HINT).optional(),
    port: port.optional(),
    grpcPort: z
      .union([port, z.literal(false)], { error: `${PORT_HINT}, or false for none` })
      .optional(),
    tokens: z.string({ error: PATH_HINT }).min(1, PATH_HINT).optional(),
    openMetrics: z.boolean().optional(),
    attribution: attributionSchema.prefault({}),
    dedupWindowSeconds: seconds.optional(),
    signalWindowSeconds: seconds.optional(),
    countInstrumented: z.boolean().optional(),
    forward: z
      .strictObject({
        url: z.url({ protocol: /^https?$/, error: URL_HINT }),
        headers: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
  },
  {
    error: (issue) =>
      issue.code === "invalid_type" ? "write keys and values, such as port: 4318" : undefined,
  },
);
