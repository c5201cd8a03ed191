import { createHash } from "node:crypto";
import type { Attributes, AttributeValue, PointRecord } from "../otlp/records.ts";

/**
 * What makes a point one of a series: its resource, scope, metric and attributes (opentelemetry-proto 1.x, metrics.proto,
 * "single-writer" and the data model's "timeseries identity"). 128 bits of a SHA-256: two series that are taken for one
 * would add up wrongly for ever.
 */
export function seriesIdentity({
  origin,
  metric,
  unit,
  kind,
  temporality,
  attributes,
}: PointRecord): string {
  const written = JSON.stringify([
    ordered(origin.resource),
    origin.scopeName,
    origin.scopeVersion,
    ordered(origin.scope),
    metric,
    unit,
    kind,
    temporality,
    ordered(attributes),
  ]);
  return createHash("sha256").update(written).digest("base64url").slice(0, 22);
}

/** Attributes have no order of their own, and senders do not keep to one. */
function ordered(attributes: Attributes): unknown {
  return Object.keys(attributes)
    .toSorted()
    .flatMap((name) => {
      const value = attributes[name];
      return value === undefined ? [] : [[name, plain(value)]];
    });
}

function plain(value: AttributeValue): unknown {
  if (typeof value !== "object") return value;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  return isList(value) ? value.map(plain) : { map: ordered(value) };
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
