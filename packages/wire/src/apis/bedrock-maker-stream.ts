import type { ResponseFacts } from "@tollgate/core";
import {
  createDraft,
  draftFacts,
  noteComplete,
  noteProblem,
  noteText,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import type { StreamReader } from "../api.ts";
import { createFrameStreamReader } from "../event-stream/frame-stream-reader.ts";
import { parseObject, readObject, type JsonObject } from "../json/read.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { converseComplete, readConverseEvent } from "./bedrock-converse-answer.ts";
import { fillUsage, metricsUsage } from "./bedrock-counts.ts";
import { readMakerPart } from "./bedrock-maker-body.ts";
import { openAiChat } from "./openai-chat.ts";

/** Reads the model maker's own events, one at a time. */
interface MakerReader {
  read(bytes: Uint8Array, event: () => JsonObject | undefined): void;
  facts(): ResponseFacts;
}

const METRICS = "amazon-bedrock-invocationMetrics";

/**
 * A reader of InvokeModelWithResponseStream: the model maker's own events in base64, inside of AWS's
 * framing. The last one also says what Bedrock counted.
 */
export function createMakerStreamReader(): StreamReader {
  /** What Bedrock itself says. */
  const own = createDraft();
  const decoder = new TextDecoder();
  let maker: MakerReader | undefined;

  const readChunk = (bytes: Uint8Array): void => {
    const text = decoder.decode(bytes);
    const event = (): JsonObject | undefined => parseObject(text);
    maker ??= createMakerReader(event());
    maker.read(bytes, event);
    if (text.includes(METRICS)) readMetrics(own, event());
  };

  return createFrameStreamReader({
    readEvent(type, payload) {
      if (type !== "chunk") return;
      const encoded = parseObject(decoder.decode(payload))?.["bytes"];
      const bytes = typeof encoded === "string" ? decodeBase64(encoded) : undefined;
      if (bytes === undefined) noteProblem(own, "a chunk has no bytes");
      else readChunk(bytes);
    },
    readError: (errorType) => noteText(own, "errorType", errorType),
    facts() {
      const facts = maker?.facts() ?? draftFacts(createDraft());
      return {
        ...fillUsage(facts, own.usage),
        complete: facts.complete || own.complete,
        errorType: own.errorType ?? facts.errorType,
        problems: [...facts.problems, ...own.problems],
      };
    },
  });
}

function readMetrics(own: AnswerDraft, event: JsonObject | undefined): void {
  const metrics = readObject(event, METRICS);
  if (metrics === undefined) return;
  noteUsage(own, metricsUsage(metrics, own));
  noteComplete(own);
}

/** The first event tells the shape of all. */
function createMakerReader(first: JsonObject | undefined): MakerReader {
  if (typeof first?.["type"] === "string")
    return readAsEvents(anthropicMessages.createStreamReader());
  if (Array.isArray(first?.["choices"])) return readAsEvents(openAiChat.createStreamReader());
  return createPartReader();
}

const DATA = new TextEncoder().encode("data: ");
const EVENT_END = new TextEncoder().encode("\n\n");
const LAST_CONTROL = 0x1f;
const SPACE = 0x20;

/** Makers that stream server-sent events elsewhere: the same events, put back into lines. */
function readAsEvents(reader: StreamReader): MakerReader {
  return {
    read(bytes) {
      // In JSON a line end can only stand between its tokens.
      for (const [at, byte] of bytes.entries()) if (byte <= LAST_CONTROL) bytes[at] = SPACE;
      reader.write(DATA);
      reader.write(bytes);
      reader.write(EVENT_END);
    },
    facts: () => reader.end(),
  };
}

/** Nova, whose events are Converse's in an object of one member, and the older makers' parts. */
function createPartReader(): MakerReader {
  const draft = createDraft();
  return {
    read(_, parse) {
      const event = parse();
      if (event === undefined) noteProblem(draft, "an event is not a JSON object");
      else if (!readNovaEvent(draft, event)) readMakerPart(draft, event);
    },
    facts: () => ({ ...draftFacts(draft), complete: converseComplete(draft) }),
  };
}

function readNovaEvent(draft: AnswerDraft, event: JsonObject): boolean {
  for (const type of Object.keys(event)) {
    const inner = readObject(event, type);
    if (inner !== undefined && readConverseEvent(draft, type, inner)) return true;
  }
  return false;
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
