import type { Span } from "@opentelemetry/api";
import { ATTR_TOOL_CALL_ARGUMENTS, ATTR_TOOL_CALL_RESULT } from "@tollgate/core/semconv";
import { fitContent, type ContentPart } from "@tollgate/wire";
import type { ContentForm } from "./content-attributes.ts";
import { discreetly } from "./discreetly.ts";

/** The execution of a tool, as far as its content needs it. */
export interface ToolExecution {
  readonly name: string;
  readonly id: string | undefined;
  /** What the app says that the tool was called with. */
  readonly arguments: unknown;
}

/** Records what tools were given and what they gave. */
export interface ToolContent {
  recordArguments(span: Span, tool: ToolExecution): void;
  recordResult(span: Span, tool: ToolExecution, result: unknown): void;
}

export function createToolContent({ redact, limitBytes }: ContentForm): ToolContent {
  const record = (
    span: Span,
    name: string,
    role: string,
    part: () => ContentPart,
    valueOf: (part: ContentPart) => unknown,
  ): void => {
    if (!span.isRecording()) return;
    const text = discreetly("recording a tool's content", () => {
      const parts = redact([{ role, parts: [part()] }], "tool")?.[0]?.parts ?? [];
      const value = parts[0] === undefined ? undefined : valueOf(parts[0]);
      return value === undefined ? undefined : textOf(value, limitBytes);
    });
    if (text !== undefined) span.setAttribute(name, text);
  };
  return {
    recordArguments(span, { name, id, arguments: args }) {
      if (args === undefined) return;
      record(
        span,
        ATTR_TOOL_CALL_ARGUMENTS,
        "assistant",
        () => ({ type: "tool_call", id, name, arguments: plain(args) }),
        (part) => (part.type === "tool_call" ? part.arguments : undefined),
      );
    },
    recordResult(span, { id }, result) {
      if (result === undefined) return;
      record(
        span,
        ATTR_TOOL_CALL_RESULT,
        "tool",
        () => ({ type: "tool_call_response", id, response: plain(result) }),
        (part) => (part.type === "tool_call_response" ? part.response : undefined),
      );
    },
  };
}

/** A copy that holds nothing but data; functions and their like have none. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return value;
  const json: string | undefined = JSON.stringify(value);
  return json === undefined ? undefined : JSON.parse(json);
}

/** A text as it is, everything else as JSON; cut where it is too long. */
function textOf(value: unknown, limitBytes: number): string | undefined {
  const content = typeof value === "string" ? value : JSON.stringify(value);
  const fitted: unknown = JSON.parse(fitContent([{ type: "text", content }], limitBytes).json);
  const first: unknown = Array.isArray(fitted) ? fitted[0] : undefined;
  const kept: unknown =
    typeof first === "object" && first !== null ? Reflect.get(first, "content") : undefined;
  return typeof kept === "string" ? kept : undefined;
}
