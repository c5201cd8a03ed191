import { readLabel, readList, readObject, textLength, type JsonObject } from "../json/read.ts";
import { charsPerSecond } from "./audio-tokens.ts";

/** What a session says of itself, as far as metering needs it. */
export interface SessionSettings {
  readonly model: string | undefined;
  /** The model that writes down what the user says; `undefined` when nobody does. */
  readonly transcriptionModel: string | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly offersTools: boolean;
  /** Characters of the instructions and tools. */
  readonly promptChars: number;
  /** Base64 characters of a second of what the user says. */
  readonly inputCharsPerSecond: number;
  readonly outputCharsPerSecond: number;
}

export const UNKNOWN_SETTINGS: SessionSettings = readSettings({});

/** Reads the `session` of `session.created` and `session.updated`, in today's shape and the beta's. */
export function readSettings(session: JsonObject): SessionSettings {
  const audio = readObject(session, "audio");
  const input = readObject(audio, "input");
  const transcription =
    readObject(input, "transcription") ?? readObject(session, "input_audio_transcription");
  const tools = readList(session, "tools");
  return {
    model: readLabel(session, "model"),
    transcriptionModel: readLabel(transcription, "model"),
    maxOutputTokens: limitOf(session),
    offersTools: tools.length > 0,
    promptChars:
      textLength(session, "instructions") + (tools.length > 0 ? JSON.stringify(tools).length : 0),
    inputCharsPerSecond: charsPerSecond(
      formatOf(input) ?? readLabel(session, "input_audio_format"),
    ),
    outputCharsPerSecond: charsPerSecond(
      formatOf(readObject(audio, "output")) ?? readLabel(session, "output_audio_format"),
    ),
  };
}

function formatOf(direction: JsonObject | undefined): string | undefined {
  return readLabel(readObject(direction, "format"), "type") ?? readLabel(direction, "format");
}

/** `inf` is no limit. */
export function limitOf(settings: JsonObject): number | undefined {
  const limit = settings["max_output_tokens"] ?? settings["max_response_output_tokens"];
  return typeof limit === "number" && Number.isSafeInteger(limit) && limit > 0 ? limit : undefined;
}
