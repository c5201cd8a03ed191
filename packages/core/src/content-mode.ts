/**
 * Where prompts and answers are recorded: nowhere, on spans, in events, or both. The names are those of
 * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` in OpenTelemetry's own GenAI instrumentations.
 *
 * @see https://pypi.org/project/opentelemetry-util-genai/
 */
export type ContentMode = "NO_CONTENT" | "SPAN_ONLY" | "EVENT_ONLY" | "SPAN_AND_EVENT";

export const CONTENT_MODES: readonly ContentMode[] = [
  "NO_CONTENT",
  "SPAN_ONLY",
  "EVENT_ONLY",
  "SPAN_AND_EVENT",
];

/** The variable that says it for every GenAI instrumentation of a process. */
export const CONTENT_VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/**
 * Reads a mode as people write it: one of {@link CONTENT_MODES}, or `true` (spans) or `false` (nowhere),
 * in any case and with blanks around it.
 *
 * @returns `undefined` when it is none.
 */
export function parseContentMode(text: string): ContentMode | undefined {
  const name = text.trim().toUpperCase();
  if (name === "TRUE") return "SPAN_ONLY";
  if (name === "FALSE") return "NO_CONTENT";
  return CONTENT_MODES.find((mode) => mode === name);
}
