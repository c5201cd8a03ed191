import { CONTENT_VARIABLE, parseContentMode, type ContentMode } from "@tollgate/core";
import type { ContentMessage } from "@tollgate/wire";
import { diag } from "@opentelemetry/api";

/** What a message is to the call. */
export type ContentKind = "input" | "output" | "system_instructions" | "tool_definitions" | "tool";

/**
 * Changes a message before it is recorded, or keeps it out by returning `undefined`. It must answer at once:
 * with a promise the content is not recorded, nor is it when this throws.
 *
 * System instructions come as one message of the role `system`; definitions of tools as one of the role
 * `system` whose parts are the definitions; a tool's own arguments and result (`traceTool`) as messages
 * with one part.
 */
export type RedactContent = (
  message: ContentMessage,
  kind: ContentKind,
) => ContentMessage | undefined;

/** Whether prompts and answers are recorded, and how much of them. */
export interface ContentOptions {
  /**
   * Whether and where prompts, answers, instructions and definitions of tools are recorded: `true` is
   * `"SPAN_ONLY"`. `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` wins over it. What is neither is
   * reported to `diag` and means no content.
   *
   * @defaultValue `false`
   */
  readonly captureContent?: boolean | ContentMode | undefined;
  /**
   * Bytes that one attribute may take; what is longer is cut. At least 256.
   *
   * @defaultValue `65_536`
   */
  readonly contentLimitBytes?: number | undefined;
  readonly redactContent?: RedactContent | undefined;
}

const DEFAULT_LIMIT_BYTES = 65_536;
const MIN_LIMIT_BYTES = 256;

/** The mode that options and environment come to. */
export function resolveContentMode(option: unknown): ContentMode {
  const said = readVariable()?.trim();
  if (said) return readMode(said, CONTENT_VARIABLE);
  return option === undefined ? "NO_CONTENT" : readMode(option, "captureContent");
}

function readMode(said: unknown, source: string): ContentMode {
  const isKnownKind = typeof said === "string" || typeof said === "boolean";
  const mode = isKnownKind ? parseContentMode(String(said)) : undefined;
  if (mode !== undefined) return mode;
  diag.warn(
    `tollgate: ${source} is ${isKnownKind ? JSON.stringify(String(said).slice(0, 64)) : typeof said}, content is not recorded; ` +
      "write NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, true or false",
  );
  return "NO_CONTENT";
}

/** Some runtimes have no environment, and some do not let everybody read it: it says nothing then. */
function readVariable(): string | undefined {
  try {
    const value = memberOf(memberOf(memberOf(globalThis, "process"), "env"), CONTENT_VARIABLE);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

export function resolveContentLimit(bytes: number | undefined): number {
  if (bytes === undefined) return DEFAULT_LIMIT_BYTES;
  if (Number.isSafeInteger(bytes) && bytes >= MIN_LIMIT_BYTES) return bytes;
  diag.warn(
    `tollgate: contentLimitBytes is ${bytes}; write a whole number from ${MIN_LIMIT_BYTES} up. ${DEFAULT_LIMIT_BYTES} is used`,
  );
  return DEFAULT_LIMIT_BYTES;
}
