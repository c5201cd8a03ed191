import type { Span } from "@opentelemetry/api";
import type { ContentMode, UsageEvent } from "@tollgate/core";
import { contentReader, type ContentMessage, type MatchedCall, type WireApi } from "@tollgate/wire";
import type { InferenceSpan } from "../span/inference-span.ts";
import {
  contentAttributes,
  type ContentAttributes,
  type ContentForm,
} from "./content-attributes.ts";
import { createContentEvents, emitContent, type ContentEvents } from "./content-event.ts";
import { resolveContentLimit, resolveContentMode, type ContentOptions } from "./content-options.ts";
import { createRedact } from "./redact.ts";
import { discreetly } from "./discreetly.ts";
import { recordOnSpan } from "./record-on-span.ts";
import { createToolContent, type ToolContent } from "./tool-content.ts";
import { watchApi } from "./watch-api.ts";

/** Records prompts and answers. There is none unless somebody asked for it. */
export interface ContentCapture {
  /**
   * Begins to watch a call.
   *
   * @param body - its text; kept until the call ends.
   * @returns `undefined` for an API whose content is not read.
   */
  open(match: MatchedCall, body: string | undefined): CallContent | undefined;
  /** What tools are given and give; `undefined` where spans take no content. */
  readonly tools: ToolContent | undefined;
}

/** What one call says. */
export interface CallContent {
  /** The same API, which also lets us see what the answer says if anybody wants to know. */
  watch(api: WireApi, span: InferenceSpan | undefined): WireApi;
  /** Records it, once the call has ended and before its span does. */
  record(event: UsageEvent, span: InferenceSpan | undefined): void;
}

/** @returns `undefined` when content is not to be recorded, which is the default. */
export function createContentCapture(options: ContentOptions): ContentCapture | undefined {
  const mode = resolveContentMode(options.captureContent);
  if (mode === "NO_CONTENT") return undefined;
  const form: ContentForm = {
    redact: createRedact(options.redactContent),
    limitBytes: resolveContentLimit(options.contentLimitBytes),
  };
  const onSpans = mode !== "EVENT_ONLY";
  const events = hasEvents(mode) ? createContentEvents() : undefined;
  return {
    open: (match, body) => openCallContent({ form, onSpans, events }, match, body),
    tools: onSpans ? createToolContent(form) : undefined,
  };
}

function hasEvents(mode: ContentMode): boolean {
  return mode === "EVENT_ONLY" || mode === "SPAN_AND_EVENT";
}

interface Target {
  readonly form: ContentForm;
  readonly onSpans: boolean;
  readonly events: ContentEvents | undefined;
}

function openCallContent(
  { form, onSpans, events }: Target,
  match: MatchedCall,
  body: string | undefined,
): CallContent | undefined {
  const reader = contentReader(match.api.id);
  if (reader === undefined) return undefined;
  let answer: readonly ContentMessage[] = [];

  const read = (): ContentAttributes => {
    const request =
      body === undefined
        ? undefined
        : discreetly("reading a request's content", () => reader.readRequest(body));
    return contentAttributes(form, request, answer.filter(saysAnything));
  };

  const recordingSpan = (span: InferenceSpan | undefined): Span | undefined =>
    onSpans && span?.span.isRecording() === true ? span.span : undefined;

  return {
    watch(api, span) {
      if (events === undefined && recordingSpan(span) === undefined) return api;
      return watchApi(api, reader, form.limitBytes, (messages) => {
        answer = messages;
      });
    },
    record(event, span) {
      const recording = recordingSpan(span);
      const logger = events?.logger();
      if (recording === undefined && logger === undefined) return;
      const content = read();
      if (recording !== undefined) recordOnSpan(recording, content);
      if (logger !== undefined) emitContent(logger, match, event, span, content);
    },
  };
}

/** An error in the place of an answer reads as a message without anything. */
function saysAnything({ parts, finish_reason: reason }: ContentMessage): boolean {
  return parts.length > 0 || reason !== undefined;
}
