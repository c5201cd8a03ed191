import type { WebSocket } from "ws";
import { merge, newSession, objectOf, textIn, type Json } from "./realtime-events.ts";
import { runResponse, type RunningResponse } from "./realtime-response.ts";
import type { RealtimeScript, Speech } from "./realtime-script.ts";

/** One socket, seen from the server. */
export interface RealtimeConnection {
  /** The path and query it was opened with. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** All that the client has sent, in order. */
  readonly received: readonly Json[];
  /** The code and reason that the client closed with; settles when it does. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The user says something: the server hears it, writes it down and answers, as the session has it. */
  speak(speech?: Speech): void;
  /** Closes the socket from this side. */
  close(code?: number): void;
  /** Destroys the connection. */
  drop(): void;
}

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly nextScript: () => RealtimeScript;
}

export function openConnection(options: ConnectionOptions): RealtimeConnection {
  const { socket, path, headers, nextScript } = options;
  const received: Json[] = [];
  const { searchParams } = new URL(path, "ws://localhost");
  let session = newSession("sess_1", searchParams.get("model") ?? undefined);
  let counter = 0;
  let active: RunningResponse | undefined;
  const next = (prefix: string): string => `${prefix}_${++counter}`;

  function emit(type: string, members: Json): void {
    socket.send(JSON.stringify({ type, event_id: next("event"), ...members }));
  }

  function fail(event: Json, code: string | null, message: string): void {
    const eventId = textIn(event, "event_id") ?? null;
    emit("error", {
      error: { type: "invalid_request_error", code, message, param: null, event_id: eventId },
    });
  }

  function respond(event: Json): void {
    const asked = objectOf(event["response"]);
    const isOutside = asked["conversation"] === "none";
    if (active !== undefined && !isOutside) {
      const message = "Conversation already has an active response in progress.";
      return fail(event, "conversation_already_has_active_response", message);
    }
    const modalities = asked["output_modalities"] ?? session["output_modalities"];
    const response = runResponse({
      id: next("resp"),
      itemId: next("item"),
      isAudio: Array.isArray(modalities) && modalities.includes("audio"),
      maxOutputTokens: asked["max_output_tokens"] ?? session["max_output_tokens"],
      metadata: asked["metadata"],
      conversationId: isOutside ? null : "conv_1",
      script: nextScript(),
      emit,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      drop: () => socket.terminate(),
      close: () => socket.close(1001, "going away"),
      onEnd: () => {
        if (!isOutside) active = undefined;
      },
    });
    if (!isOutside) active = response;
  }

  function hear(speech: Speech): void {
    const itemId = next("item");
    const input = objectOf(objectOf(session["audio"])["input"]);
    emit("input_audio_buffer.committed", { previous_item_id: null, item_id: itemId });
    const content = [{ type: "input_audio", transcript: null }];
    const item = {
      id: itemId,
      object: "realtime.item",
      type: "message",
      status: "completed",
      role: "user",
      content,
    };
    emit("conversation.item.added", { previous_item_id: null, item });
    if (objectOf(input["transcription"])["model"] !== undefined) {
      emit("conversation.item.input_audio_transcription.completed", {
        item_id: itemId,
        content_index: 0,
        transcript: speech.transcript ?? "Hello.",
        usage: speech.transcriptionUsage ?? TRANSCRIPTION_USAGE,
      });
    }
    emit("conversation.item.done", { previous_item_id: null, item });
  }

  function handle(event: Json): void {
    switch (event["type"]) {
      case "session.update":
        session = merge(session, objectOf(event["session"]));
        return emit("session.updated", { session });
      case "conversation.item.create": {
        const item = {
          id: next("item"),
          object: "realtime.item",
          status: "completed",
          ...objectOf(event["item"]),
        };
        emit("conversation.item.added", { previous_item_id: null, item });
        return emit("conversation.item.done", { previous_item_id: null, item });
      }
      case "input_audio_buffer.append":
        return undefined;
      case "input_audio_buffer.commit":
        return hear({});
      case "response.create":
        return respond(event);
      case "response.cancel":
        if (active) return active.cancel("client_cancelled");
        return fail(
          event,
          "response_cancel_not_active",
          "Cancellation failed: no active response found",
        );
      default:
        return fail(event, "invalid_value", `Invalid value: '${String(event["type"])}'.`);
    }
  }

  socket.on("message", (data) => {
    let event: Json;
    try {
      event = objectOf(JSON.parse(Buffer.isBuffer(data) ? data.toString() : ""));
    } catch {
      return fail({}, "invalid_json", "The event is not valid JSON.");
    }
    received.push(event);
    handle(event);
  });
  emit("session.created", { session });

  return {
    path,
    headers,
    received,
    closed: new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    }),
    speak(speech = {}) {
      const item_id = next("item");
      const { durationMs = 1_000 } = speech;
      emit("input_audio_buffer.speech_started", { audio_start_ms: 0, item_id });
      active?.cancel("turn_detected");
      emit("input_audio_buffer.speech_stopped", { audio_end_ms: durationMs, item_id });
      hear(speech);
      const detection = objectOf(objectOf(objectOf(session["audio"])["input"])["turn_detection"]);
      if (detection["create_response"] === true) respond({});
    },
    close: (code = 1000) => socket.close(code),
    drop: () => socket.terminate(),
  };
}

const TRANSCRIPTION_USAGE: Json = {
  type: "tokens",
  total_tokens: 26,
  input_tokens: 17,
  input_token_details: { text_tokens: 0, audio_tokens: 17 },
  output_tokens: 9,
};
