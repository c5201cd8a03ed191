import type { Span } from "@opentelemetry/api";

/** SDK spans show their attributes; the API's interface does not promise it. */
export function spanAttribute(span: Span | undefined, name: string): unknown {
  if (span === undefined || !("attributes" in span)) return undefined;
  const attributes: unknown = span.attributes;
  return typeof attributes === "object" && attributes !== null
    ? Reflect.get(attributes, name)
    : undefined;
}
