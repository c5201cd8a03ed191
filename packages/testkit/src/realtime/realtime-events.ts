/** The members of an event, or of anything in it. */
export type Json = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

export function textIn(from: Json, key: string): string | undefined {
  const value = from[key];
  return typeof value === "string" ? value : undefined;
}

/** Lays changes over a session, member by member, as `session.update` does. */
export function merge(before: Json, changes: Json): Json {
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(changes)) {
    const old = objectOf(merged[key]);
    const isNested =
      typeof value === "object" && value !== null && !Array.isArray(value) && merged[key] !== null;
    merged[key] = isNested ? merge(old, objectOf(value)) : value;
  }
  return merged;
}

/** The session that a socket has before it changes anything. */
export function newSession(id: string, model: string | undefined): Json {
  return {
    type: model === undefined ? "transcription" : "realtime",
    object: "realtime.session",
    id,
    ...(model !== undefined && { model }),
    output_modalities: ["audio"],
    instructions: "You are a helpful, witty and friendly AI.",
    tools: [],
    tool_choice: "auto",
    max_output_tokens: "inf",
    truncation: "auto",
    prompt: null,
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24_000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: { type: "server_vad", create_response: true, interrupt_response: true },
      },
      output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "marin", speed: 1 },
    },
    include: null,
  };
}
