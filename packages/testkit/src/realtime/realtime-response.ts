import type { Json } from "./realtime-events.ts";
import type { RealtimeScript, RealtimeUsage } from "./realtime-script.ts";

/** Sends one event; ids and the like are added. */
export type Emit = (type: string, members: Json) => void;

/** A response that is being given. */
export interface RunningResponse {
  readonly id: string;
  /** Ends it before its time. */
  cancel(reason: "client_cancelled" | "turn_detected"): void;
}

export interface ResponseOptions {
  readonly id: string;
  readonly itemId: string;
  readonly isAudio: boolean;
  readonly maxOutputTokens: unknown;
  readonly metadata: unknown;
  readonly conversationId: string | null;
  readonly script: RealtimeScript;
  readonly emit: Emit;
  /** Lets what has come in meanwhile be read, as a network does. */
  readonly pause: () => Promise<void>;
  readonly drop: () => void;
  readonly close: () => void;
  readonly onEnd: () => void;
}

/** A short sound: 20 ms of silence for each character. */
const SOUND_PER_CHAR = Buffer.alloc(960).toString("base64");

/** Gives a response in the order of events in which the real server does. */
export function runResponse(options: ResponseOptions): RunningResponse {
  const { id, itemId, isAudio, script, emit } = options;
  const place = { response_id: id, item_id: itemId, output_index: 0, content_index: 0 };
  let ended = false;
  let said = "";

  function resource(status: string, details: Json | null, output: readonly Json[]): Json {
    return {
      object: "realtime.response",
      id,
      status,
      status_details: details,
      output,
      conversation_id: options.conversationId,
      output_modalities: [isAudio ? "audio" : "text"],
      max_output_tokens: options.maxOutputTokens ?? "inf",
      usage:
        status !== "in_progress" && script.usageAbsent !== true
          ? usageOf(script.usage ?? {}, said, isAudio)
          : null,
      metadata: options.metadata ?? null,
    };
  }

  function end(status: string, details: Json | null, output: readonly Json[]): void {
    if (ended) return;
    ended = true;
    options.onEnd();
    emit("response.done", { response: resource(status, details, output) });
  }

  function message(status: string): Json {
    const content = isAudio
      ? { type: "output_audio", transcript: said }
      : { type: "output_text", text: said };
    return {
      id: itemId,
      object: "realtime.item",
      type: "message",
      status,
      role: "assistant",
      content: [content],
    };
  }

  /** @returns false when the response is over. */
  async function say(piece: string): Promise<boolean> {
    await options.pause();
    if (ended) return false;
    said += piece;
    if (isAudio) {
      emit("response.output_audio_transcript.delta", { ...place, delta: piece });
      emit("response.output_audio.delta", { ...place, delta: SOUND_PER_CHAR.repeat(piece.length) });
    } else emit("response.output_text.delta", { ...place, delta: piece });
    return true;
  }

  function announce(): void {
    const item = {
      id: itemId,
      object: "realtime.item",
      type: "message",
      status: "in_progress",
      role: "assistant",
      content: [],
    };
    emit("response.output_item.added", { response_id: id, output_index: 0, item });
    emit("conversation.item.added", { previous_item_id: null, item });
    emit("response.content_part.added", { ...place, part: { type: isAudio ? "audio" : "text" } });
  }

  /** @returns false when the script stops it here. */
  function goesOn(index: number): boolean {
    if (index === script.dropAfterPieces) options.drop();
    else if (index === script.closeAfterPieces) options.close();
    else return index !== script.hangAfterPieces;
    return false;
  }

  function conclude(): Json {
    if (isAudio) {
      emit("response.output_audio.done", place);
      emit("response.output_audio_transcript.done", { ...place, transcript: said });
    } else emit("response.output_text.done", { ...place, text: said });
    const item = message("completed");
    emit("response.output_item.done", { response_id: id, output_index: 0, item });
    return item;
  }

  async function run(): Promise<void> {
    emit("response.created", { response: resource("in_progress", null, []) });
    await options.pause();
    if (ended) return;
    const pieces = script.pieces ?? (script.functions ? [] : ["Hello", " there", "."]);
    if (pieces.length > 0) announce();
    for (const [index, piece] of pieces.entries()) {
      if (!goesOn(index) || !(await say(piece))) return;
    }
    const output = pieces.length > 0 ? [conclude()] : [];
    end(script.status ?? "completed", detailsOf(script), [...output, ...callFunctions(options)]);
  }

  void run();
  return {
    id,
    cancel: (reason) =>
      end("cancelled", { type: "cancelled", reason }, said === "" ? [] : [message("incomplete")]),
  };
}

function callFunctions({ id, itemId, script, emit }: ResponseOptions): Json[] {
  return (script.functions ?? []).map((call, index) => {
    const item = {
      id: `${itemId}_${index}`,
      object: "realtime.item",
      type: "function_call",
      status: "completed",
      name: call.name,
      call_id: `call_${id}_${index}`,
      arguments: JSON.stringify(call.arguments ?? {}),
    };
    const place = { response_id: id, item_id: item.id, output_index: index, call_id: item.call_id };
    emit("response.output_item.added", { response_id: id, output_index: index, item });
    emit("response.function_call_arguments.delta", { ...place, delta: item.arguments });
    emit("response.function_call_arguments.done", {
      ...place,
      name: call.name,
      arguments: item.arguments,
    });
    emit("response.output_item.done", { response_id: id, output_index: index, item });
    return item;
  });
}

function detailsOf({ status, reason, errorCode }: RealtimeScript): Json | null {
  if (status === "failed") {
    const code = errorCode ?? "server_error";
    return {
      type: "failed",
      error: { type: "server_error", code, message: "The server had an error" },
    };
  }
  return status === "incomplete"
    ? { type: "incomplete", reason: reason ?? "max_output_tokens" }
    : null;
}

function usageOf(usage: RealtimeUsage, said: string, isAudio: boolean): Json {
  const {
    textInput = 100,
    audioInput = 0,
    imageInput = 0,
    cachedText = 0,
    cachedAudio = 0,
  } = usage;
  const textOutput = usage.textOutput ?? Math.ceil(said.length / 4);
  const audioOutput = usage.audioOutput ?? (isAudio ? Math.ceil(said.length * 0.4) : 0);
  const input = textInput + audioInput + imageInput;
  const output = textOutput + audioOutput;
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: textInput,
      audio_tokens: audioInput,
      image_tokens: imageInput,
      cached_tokens: cachedText + cachedAudio,
      cached_tokens_details: {
        text_tokens: cachedText,
        audio_tokens: cachedAudio,
        image_tokens: 0,
      },
    },
    output_token_details: { text_tokens: textOutput, audio_tokens: audioOutput },
  };
}
