import type { Span } from "@opentelemetry/api";
import { ATTR_CONTENT_TRUNCATED } from "@tollgate/core/semconv";
import { spanAttribute } from "../span/span-attribute.ts";
import type { ContentAttributes } from "./content-attributes.ts";

/** Sets content on a span, as JSON text. What an SDK or framework has set on a span of its own stays. */
export function recordOnSpan(span: Span, { texts, truncated }: ContentAttributes): void {
  const mine = [...texts].filter(([name]) => spanAttribute(span, name) === undefined);
  if (mine.length === 0) return;
  const cut = truncated.filter((name) => mine.some(([set]) => set === name));
  span.setAttributes({
    ...Object.fromEntries(mine),
    ...(cut.length > 0 ? { [ATTR_CONTENT_TRUNCATED]: cut } : {}),
  });
}
