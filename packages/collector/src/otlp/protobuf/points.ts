import type { Reader } from "protobufjs/minimal.js";
import type { PointRecord } from "../records.ts";
import {
  NO_RECORDED_VALUE,
  takePoint,
  temporalityOf,
  type PointKind,
  type Series,
} from "../series.ts";
import { readBlocks } from "./blocks.ts";
import { enter, leave, readName, readTimeMs, type Source } from "./source.ts";
import { readKeyValue, type AttributesSoFar } from "./values.ts";

const METRIC_NAME = (1 << 3) | 2;
const METRIC_UNIT = (3 << 3) | 2;

const DATA_POINTS = (1 << 3) | 2;
const TEMPORALITY = 2 << 3;
const MONOTONIC = 3 << 3;

/** The same in all kinds of points. */
const START_TIME = (2 << 3) | 1;
const TIME = (3 << 3) | 1;

const AS_DOUBLE = (4 << 3) | 1;
const AS_INT = (6 << 3) | 1;

const COUNT = (4 << 3) | 1;
const SUM = (5 << 3) | 1;

interface Layout {
  readonly kind: PointKind;
  readonly attributes: number;
  readonly flags: number;
  readonly isNumber: boolean;
}

/** By the field of Metric that holds the points. */
const LAYOUTS: Readonly<Record<number, Layout>> = {
  [(5 << 3) | 2]: { kind: "gauge", attributes: (7 << 3) | 2, flags: 8 << 3, isNumber: true },
  [(7 << 3) | 2]: { kind: "sum", attributes: (7 << 3) | 2, flags: 8 << 3, isNumber: true },
  [(9 << 3) | 2]: { kind: "histogram", attributes: (9 << 3) | 2, flags: 10 << 3, isNumber: false },
  [(10 << 3) | 2]: {
    kind: "exponential_histogram",
    attributes: (1 << 3) | 2,
    flags: 10 << 3,
    isNumber: false,
  },
  [(11 << 3) | 2]: { kind: "summary", attributes: (7 << 3) | 2, flags: 8 << 3, isNumber: false },
};

export function readPoints(source: Source): PointRecord[] {
  const points: PointRecord[] = [];
  const { reader } = source;
  readBlocks(source, (_, origin) => {
    const outer = enter(reader);
    const start = reader.pos;
    let metric = "";
    let unit = "";
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if (tag === METRIC_NAME) metric = readName(source);
      else if (tag === METRIC_UNIT) unit = readName(source);
      else reader.skipType(tag & 7);
    }
    // Points need name and unit, which may stand behind them.
    reader.pos = start;
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      const layout = LAYOUTS[tag];
      if (layout === undefined) reader.skipType(tag & 7);
      else readData(source, layout, { origin, metric, unit }, points);
    }
    leave(reader, outer);
  });
  return points;
}

function readData(
  source: Source,
  layout: Layout,
  about: Pick<Series, "origin" | "metric" | "unit">,
  into: PointRecord[],
): void {
  const { reader } = source;
  const outer = enter(reader);
  const start = reader.pos;
  let temporality = 0;
  let monotonic = false;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === TEMPORALITY) temporality = reader.int32();
    else if (tag === MONOTONIC) monotonic = reader.bool();
    else reader.skipType(tag & 7);
  }
  const series: Series = {
    ...about,
    kind: layout.kind,
    temporality: temporalityOf(layout.kind, temporality),
    monotonic: layout.kind === "sum" && monotonic,
  };
  // Senders write these behind the points.
  reader.pos = start;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === DATA_POINTS) readPoint(source, layout, series, into);
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
}

interface Numbers {
  startMs: number;
  timeMs: number;
  value: number | undefined;
  count: number | undefined;
}

function readPoint(source: Source, layout: Layout, series: Series, into: PointRecord[]): void {
  const { reader, tally } = source;
  if (!takePoint(series, tally)) {
    reader.skipType(2);
    return;
  }
  const outer = enter(reader);
  const readNumber = layout.isNumber ? readNumberField : readDistributionField;
  const attributes: AttributesSoFar = {};
  const numbers: Numbers = { startMs: 0, timeMs: 0, value: undefined, count: undefined };
  let flags = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === layout.attributes) readKeyValue(source, attributes, "all");
    else if (tag === layout.flags) flags = reader.uint32();
    else if (tag === START_TIME) numbers.startMs = readTimeMs(reader);
    else if (tag === TIME) numbers.timeMs = readTimeMs(reader);
    else readNumber(reader, tag, numbers);
  }
  leave(reader, outer);
  if ((flags & NO_RECORDED_VALUE) === 0) into.push({ ...series, attributes, ...numbers });
}

function readNumberField(reader: Reader, tag: number, numbers: Numbers): void {
  if (tag === AS_DOUBLE) numbers.value = reader.double();
  else if (tag === AS_INT) {
    const low = reader.fixed32();
    numbers.value = reader.sfixed32() * 2 ** 32 + low;
  } else reader.skipType(tag & 7);
}

function readDistributionField(reader: Reader, tag: number, numbers: Numbers): void {
  if (tag === SUM) numbers.value = reader.double();
  else if (tag === COUNT) {
    const low = reader.fixed32();
    numbers.count = reader.fixed32() * 2 ** 32 + low;
  } else reader.skipType(tag & 7);
}
