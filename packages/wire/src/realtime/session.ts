import type { RequestFacts, ResponseFacts } from "@tollgate/core";
import { createDraft, draftFacts, noteError } from "../answer/draft.ts";
import type { AnswerSource } from "../api.ts";
import { parseObject, readLabel, readObject } from "../json/read.ts";
import { modelAudioTokens, userAudioTokens } from "./audio-tokens.ts";
import { openAiRealtime, openAiRealtimeTranscription } from "./openai-realtime.ts";
import { openRealtimeEvent, type RealtimeEvent } from "./realtime-event.ts";
import { limitOf, readSettings, UNKNOWN_SETTINGS } from "./session-settings.ts";

/** An app's `response.create`. */
export interface ResponseAsk {
  /** The app's own name for the event; errors that come of it repeat it. */
  readonly eventId: string | undefined;
  readonly chars: number;
  readonly maxOutputTokens: number | undefined;
}

/** A piece of an answer: text and arguments in characters, sound in tokens. */
export interface AnswerPiece {
  readonly textChars: number;
  readonly audioTokens: number;
}

/** What a server event means for metering; most mean nothing. */
export type RealtimeNews =
  | { readonly kind: "begun"; readonly responseId: string }
  | { readonly kind: "piece"; readonly responseId: string; readonly piece: AnswerPiece }
  | {
      readonly kind: "ended";
      readonly responseId: string | undefined;
      /** Cancelled by the app, or by the user who began to speak. */
      readonly cancelled: boolean;
      readonly facts: ResponseFacts;
    }
  /** What the user said is complete; its transcription, if the session has one, starts. */
  | { readonly kind: "heard"; readonly itemId: string }
  | { readonly kind: "transcribed"; readonly itemId: string; readonly facts: ResponseFacts }
  /** The server did not do what a client event asked for. */
  | { readonly kind: "rejected"; readonly eventId: string | undefined; readonly errorType: string };

/**
 * Follows one session by the events on its socket, both ways. Reads the top level of each, and parses
 * only the few that count; never throws.
 */
export interface RealtimeSession {
  /** @returns what the event asks for when it is a `response.create`. */
  sent(json: string): ResponseAsk | undefined;
  received(json: string): RealtimeNews | undefined;
  /** What a response begun now is asked with. @param ask - absent when the server begins by itself. */
  responseRequest(ask?: ResponseAsk): RequestFacts;
  transcriptionRequest(): RequestFacts;
  /** What is known of a response whose end never came. */
  unfinished(responseId: string | undefined, seen: AnswerPiece): ResponseFacts;
}

/** Estimates take a quarter of a request's bytes for its tokens. */
const BYTES_PER_TOKEN = 4;
const UNBOUNDABLE = "what a realtime session holds (sound, the conversation) is not in its events";
/** The base64 of an image says nothing of its tokens, of which a large one has about so many. */
const IMAGE_TOKENS = 1_000;

export function createRealtimeSession(
  modelInUrl: string | undefined,
  source: AnswerSource,
): RealtimeSession {
  let settings = UNKNOWN_SETTINGS;
  /** All that the last response took and gave, which is what the next one begins with. */
  let context: { tokens: number; audioTokens: number } | undefined;
  let freshChars = 0;
  let freshAudioChars = 0;
  let heardAudioTokens = 0;

  const audioTokens = (): number =>
    heardAudioTokens + userAudioTokens(freshAudioChars, settings.inputCharsPerSecond);

  function noteItem(item: string | undefined): void {
    if (item === undefined) return;
    if (item.includes('"input_image"')) freshChars += IMAGE_TOKENS * BYTES_PER_TOKEN;
    else if (item.includes('"input_audio"')) freshAudioChars += item.length;
    else freshChars += item.length;
  }

  function sent(json: string): ResponseAsk | undefined {
    const event = openRealtimeEvent(json);
    switch (event?.type) {
      case "input_audio_buffer.append":
        freshAudioChars += event.length("audio");
        return undefined;
      case "conversation.item.create":
        noteItem(event.raw("item"));
        return undefined;
      case "response.create":
        return {
          eventId: event.text("event_id"),
          chars: event.length("response"),
          maxOutputTokens: limitOf(parseObject(event.raw("response") ?? "") ?? {}),
        };
      default:
        return undefined;
    }
  }

  function pieceOf(event: RealtimeEvent): RealtimeNews | undefined {
    const responseId = event.text("response_id");
    if (responseId === undefined) return undefined;
    const chars = event.length("delta");
    const piece = event.type.endsWith("audio.delta")
      ? { textChars: 0, audioTokens: modelAudioTokens(chars, settings.outputCharsPerSecond) }
      : { textChars: chars, audioTokens: 0 };
    return { kind: "piece", responseId, piece };
  }

  function endOf(json: string): RealtimeNews {
    const event = parseObject(json);
    const facts = openAiRealtime.readJson(event, source);
    const { usage } = facts;
    const inputTokens = usage?.inputTokens;
    if (inputTokens !== undefined) {
      context = {
        tokens: inputTokens + (usage?.outputTokens ?? 0),
        audioTokens: (usage?.audioInputTokens ?? 0) + (usage?.audioOutputTokens ?? 0),
      };
      freshChars = 0;
      heardAudioTokens = 0;
    }
    return {
      kind: "ended",
      responseId: facts.id,
      cancelled: readObject(event, "response")?.["status"] === "cancelled",
      facts: { ...facts, model: facts.model ?? settings.model },
    };
  }

  function noteHeard(event: RealtimeEvent): RealtimeNews | undefined {
    heardAudioTokens = audioTokens();
    freshAudioChars = 0;
    const itemId = event.text("item_id");
    return itemId === undefined ? undefined : { kind: "heard", itemId };
  }

  function noteSettings(event: RealtimeEvent): undefined {
    settings = readSettings(parseObject(event.raw("session") ?? "") ?? {});
  }

  /** What came before the user spoke is silence, and not kept. */
  function forgetSilence(): undefined {
    freshAudioChars = 0;
  }

  const transcription: Reader = (_event, json) =>
    transcriptionOf(json, settings.transcriptionModel);

  const readers = new Map<string, Reader>([
    ["session.created", noteSettings],
    ["session.updated", noteSettings],
    ["transcription_session.created", noteSettings],
    ["transcription_session.updated", noteSettings],
    ["response.created", beginningOf],
    ["response.done", (_event, json) => endOf(json)],
    ["input_audio_buffer.speech_started", forgetSilence],
    ["input_audio_buffer.cleared", forgetSilence],
    ["input_audio_buffer.committed", noteHeard],
    ["conversation.item.input_audio_transcription.completed", transcription],
    ["conversation.item.input_audio_transcription.failed", transcription],
    ["error", rejectionOf],
  ]);

  function received(json: string): RealtimeNews | undefined {
    const event = openRealtimeEvent(json);
    if (event === undefined) return undefined;
    const { type } = event;
    if (type.startsWith("response.") && type.endsWith(".delta")) return pieceOf(event);
    return readers.get(type)?.(event, json);
  }

  function responseRequest(ask?: ResponseAsk): RequestFacts {
    const before = context?.tokens ?? Math.ceil(settings.promptChars / BYTES_PER_TOKEN);
    return {
      model: modelInUrl ?? settings.model,
      streaming: true,
      maxOutputTokens: ask?.maxOutputTokens ?? settings.maxOutputTokens,
      choices: 1,
      bodyBytes: (before + audioTokens()) * BYTES_PER_TOKEN + freshChars + (ask?.chars ?? 0),
      serviceTier: undefined,
      unboundable: UNBOUNDABLE,
      offersTools: settings.offersTools,
    };
  }

  return {
    sent,
    received,
    responseRequest,
    transcriptionRequest: () => ({
      ...responseRequest(),
      model: settings.transcriptionModel,
      streaming: false,
      maxOutputTokens: undefined,
      bodyBytes: heardAudioTokens * BYTES_PER_TOKEN,
    }),
    unfinished(responseId, seen) {
      const heard = (context?.audioTokens ?? 0) + audioTokens();
      return {
        ...draftFacts(createDraft()),
        model: settings.model,
        id: responseId,
        outputChars: answerChars(seen),
        usage: {
          inputTokens: undefined,
          outputTokens: undefined,
          audioInputTokens: heard,
          audioOutputTokens: seen.audioTokens,
        },
      };
    },
  };
}

/** The size of an answer in characters, sound converted at what it costs in tokens. */
export function answerChars({ textChars, audioTokens }: AnswerPiece): number {
  return textChars + audioTokens * BYTES_PER_TOKEN;
}

type Reader = (event: RealtimeEvent, json: string) => RealtimeNews | undefined;

function beginningOf(event: RealtimeEvent): RealtimeNews | undefined {
  const responseId = readLabel(parseObject(event.raw("response") ?? ""), "id");
  return responseId === undefined ? undefined : { kind: "begun", responseId };
}

function transcriptionOf(json: string, model: string | undefined): RealtimeNews | undefined {
  const facts = openAiRealtimeTranscription.readJson(parseObject(json));
  return facts.id === undefined
    ? undefined
    : { kind: "transcribed", itemId: facts.id, facts: { ...facts, model } };
}

function rejectionOf(event: RealtimeEvent): RealtimeNews {
  const error = parseObject(event.raw("error") ?? "");
  const draft = createDraft();
  noteError(draft, error ?? "error");
  return {
    kind: "rejected",
    eventId: readLabel(error, "event_id"),
    errorType: draft.errorType ?? "error",
  };
}
