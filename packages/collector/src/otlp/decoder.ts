import protobuf from "protobufjs/minimal.js";
import { isObject, type JsonObject } from "./json/fields.ts";
import { readLogs as readJsonLogs } from "./json/logs.ts";
import { readPoints as readJsonPoints } from "./json/points.ts";
import { readSpans as readJsonSpans } from "./json/spans.ts";
import type { Wants } from "./json/values.ts";
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "./limits.ts";
import { EVENT_NAME_ATTRIBUTE } from "./log-fields.ts";
import { readLogs } from "./protobuf/logs.ts";
import { createNames } from "./protobuf/names.ts";
import { readPoints } from "./protobuf/points.ts";
import type { Source } from "./protobuf/source.ts";
import { readSpans } from "./protobuf/spans.ts";
import type { OtlpBatch } from "./records.ts";
import { createTally, type Tally } from "./tally.ts";

export type OtlpSignal = OtlpBatch["signal"];
export type OtlpFormat = "protobuf" | "json";

export interface DecoderOptions {
  /** @defaultValue those of `DEFAULT_DECODE_LIMITS` */
  readonly limits?: Partial<DecodeLimits> | undefined;
  /**
   * Whether anyone reads the attribute of that name on a span, event or log record. Attributes that no one reads
   * are passed over and never become text, which is how prompts cost nothing. Attributes of resources and scopes are
   * always read, and those of points, which all tell their series from others. Must always answer the same for a name.
   *
   * @defaultValue every one
   */
  readonly wants?: ((name: string) => boolean) | undefined;
}

/** What an export request held. */
export type Decoded =
  | {
      readonly readable: true;
      readonly batch: OtlpBatch;
      /** Records that cannot be used: a span without ids, or more than the limit. */
      readonly rejected: number;
      /** Why, in words; "" when none was. */
      readonly reason: string;
      /** Values that were cut or left out. */
      readonly cut: number;
    }
  | { readonly readable: false; readonly reason: string };

export interface Decoder {
  /** Never throws on foreign data. */
  decode(signal: OtlpSignal, format: OtlpFormat, body: Buffer): Decoded;
}

/** Reads OTLP export requests of opentelemetry-proto 1.x into records. */
export function createDecoder({ limits, wants = () => true }: DecoderOptions = {}): Decoder {
  const allLimits = { ...DEFAULT_DECODE_LIMITS, ...limits };
  const wanted: Wants = (name) => name === EVENT_NAME_ATTRIBUTE || wants(name);
  const findName = createNames(wanted);

  return {
    decode(signal, format, body) {
      const tally = createTally(allLimits);
      try {
        const batch =
          format === "json"
            ? fromJson(signal, parse(body), tally, wanted)
            : fromProtobuf(signal, {
                reader: protobuf.Reader.create(body),
                bytes: body,
                findName,
                tally,
              });
        const { rejected, reasons, cut } = tally;
        return { readable: true, batch, rejected, reason: [...reasons].join("; "), cut };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { readable: false, reason: `not an OTLP export request in ${format}: ${reason}` };
      }
    },
  };
}

function fromProtobuf(signal: OtlpSignal, source: Source): OtlpBatch {
  if (signal === "traces") return { signal, records: readSpans(source) };
  if (signal === "logs") return { signal, records: readLogs(source) };
  return { signal, records: readPoints(source) };
}

function fromJson(signal: OtlpSignal, request: JsonObject, tally: Tally, wants: Wants): OtlpBatch {
  if (signal === "traces") return { signal, records: readJsonSpans(request, tally, wants) };
  if (signal === "logs") return { signal, records: readJsonLogs(request, tally, wants) };
  return { signal, records: readJsonPoints(request, tally) };
}

function parse(body: Buffer): JsonObject {
  const request: unknown = JSON.parse(body.toString());
  if (!isObject(request)) throw new SyntaxError("the request is no JSON object");
  return request;
}
