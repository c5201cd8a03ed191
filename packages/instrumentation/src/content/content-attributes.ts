import * as names from "@tollgate/core/semconv";
import {
  fitContent,
  type ContentMessage,
  type ContentPart,
  type FittedContent,
  type RequestContent,
  type ToolDefinition,
} from "@tollgate/wire";
import { discreetly } from "./discreetly.ts";
import type { ContentKind } from "./content-options.ts";
import type { Redact } from "./redact.ts";

/** How content becomes attributes: redacted first, then cut. */
export interface ContentForm {
  readonly redact: Redact;
  readonly limitBytes: number;
}

/** JSON texts by the names of their attributes. */
export interface ContentAttributes {
  readonly texts: ReadonlyMap<string, string>;
  /** The attributes of which something is missing. */
  readonly truncated: readonly string[];
}

/** What is recorded of one call. Empty lists are left out. */
export function contentAttributes(
  form: ContentForm,
  request: RequestContent | undefined,
  answer: readonly ContentMessage[],
): ContentAttributes {
  const texts = new Map<string, string>();
  const truncated: string[] = [];
  const add = (name: string, kind: ContentKind, messages: readonly ContentMessage[]): void => {
    const redacted = messages.length === 0 ? undefined : form.redact(messages, kind);
    if (redacted === undefined) return;
    const fitted = discreetly("writing content", () => fit(form, kind, redacted));
    if (fitted === undefined || fitted.json === "[]") return;
    texts.set(name, fitted.json);
    if (fitted.truncated || redacted.some(isCut)) truncated.push(name);
  };

  if (request !== undefined) {
    const { systemInstructions, inputMessages, toolDefinitions } = request;
    add(names.ATTR_SYSTEM_INSTRUCTIONS, "system_instructions", asOne(systemInstructions));
    add(names.ATTR_INPUT_MESSAGES, "input", inputMessages);
    add(names.ATTR_TOOL_DEFINITIONS, "tool_definitions", asOne(toolDefinitions.map(asPart)));
  }
  add(names.ATTR_OUTPUT_MESSAGES, "output", answer);
  return { texts, truncated };
}

function fit(
  { limitBytes }: ContentForm,
  kind: ContentKind,
  messages: readonly ContentMessage[],
): FittedContent {
  const parts = messages.flatMap((message) => message.parts);
  switch (kind) {
    case "system_instructions":
      return fitContent(parts, limitBytes);
    case "tool_definitions":
      return fitContent(parts.flatMap(definitionIn), limitBytes);
    case "input":
      // Of a conversation, its last words.
      return fitContent(messages, limitBytes, "last");
    default:
      return fitContent(messages, limitBytes);
  }
}

function asOne(parts: readonly ContentPart[]): readonly ContentMessage[] {
  return parts.length === 0 ? [] : [{ role: "system", parts }];
}

function asPart(definition: ToolDefinition): ContentPart {
  return { type: "tool_definition", definition };
}

function definitionIn(part: ContentPart): readonly ToolDefinition[] {
  return part.type === "tool_definition" ? [part.definition] : [];
}

function isCut({ parts }: ContentMessage): boolean {
  return parts.some(({ truncated }) => truncated === true);
}
