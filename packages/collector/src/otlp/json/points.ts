import type { Origin, PointRecord } from "../records.ts";
import {
  NO_RECORDED_VALUE,
  takePoint,
  temporalityOf,
  type PointKind,
  type Series,
} from "../series.ts";
import type { Tally } from "../tally.ts";
import { readBlocks } from "./blocks.ts";
import {
  asArray,
  asDouble,
  asEnum,
  asObject,
  asText,
  asTimeMs,
  asWhole,
  type JsonObject,
} from "./fields.ts";
import { readKeyValues } from "./values.ts";

const BLOCKS = { resources: "resourceMetrics", scopes: "scopeMetrics", records: "metrics" };

const DATA: readonly (readonly [field: string, kind: PointKind])[] = [
  ["gauge", "gauge"],
  ["sum", "sum"],
  ["histogram", "histogram"],
  ["exponentialHistogram", "exponential_histogram"],
  ["summary", "summary"],
];

const TEMPORALITIES = {
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
};

export function readPoints(request: JsonObject, tally: Tally): PointRecord[] {
  const points: PointRecord[] = [];
  readBlocks(request, BLOCKS, tally, (record, origin) => {
    const metric = asObject(record);
    for (const [field, kind] of DATA) {
      const data = asObject(metric[field]);
      const series = readSeries(metric, data, kind, origin, tally);
      for (const point of asArray(data["dataPoints"])) {
        readPoint(asObject(point), series, tally, points);
      }
    }
  });
  return points;
}

function readSeries(
  metric: JsonObject,
  data: JsonObject,
  kind: PointKind,
  origin: Origin,
  tally: Tally,
): Series {
  return {
    origin,
    metric: asText(metric["name"], tally),
    unit: asText(metric["unit"], tally),
    kind,
    temporality: temporalityOf(kind, asEnum(data["aggregationTemporality"], TEMPORALITIES)),
    monotonic: kind === "sum" && data["isMonotonic"] === true,
  };
}

function readPoint(point: JsonObject, series: Series, tally: Tally, into: PointRecord[]): void {
  if (!takePoint(series, tally)) return;
  if (((asWhole(point["flags"]) ?? 0) & NO_RECORDED_VALUE) !== 0) return;
  const isNumber = series.kind === "sum" || series.kind === "gauge";
  into.push({
    ...series,
    attributes: readKeyValues(point["attributes"], tally, undefined),
    startMs: asTimeMs(point["startTimeUnixNano"]),
    timeMs: asTimeMs(point["timeUnixNano"]),
    value: isNumber
      ? (asWhole(point["asInt"]) ?? asDouble(point["asDouble"]))
      : asDouble(point["sum"]),
    count: isNumber ? undefined : asWhole(point["count"]),
  });
}
