/** A function that the fake model asks the client to call. */
export interface ScriptedFunction {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Counts as they stand in `response.done`; sums are made of them. */
export interface RealtimeUsage {
  readonly textInput?: number;
  readonly audioInput?: number;
  readonly imageInput?: number;
  readonly cachedText?: number;
  readonly cachedAudio?: number;
  readonly textOutput?: number;
  readonly audioOutput?: number;
}

/** What the fake server does with one response. `{}` is a short one in the session's modality. */
export interface RealtimeScript {
  /** The answer, or the transcript of it, in the pieces it is sent in. */
  readonly pieces?: readonly string[];
  readonly functions?: readonly ScriptedFunction[];
  /** @defaultValue what fits the lengths of the pieces */
  readonly usage?: RealtimeUsage;
  /** Leaves the counts out. */
  readonly usageAbsent?: boolean;
  /** How it ends. @defaultValue `completed` */
  readonly status?: "completed" | "failed" | "incomplete";
  /** The reason in `status_details` of an incomplete response. */
  readonly reason?: string;
  /** The error's code in `status_details` of a failed one. */
  readonly errorCode?: string;
  /** Sends no more after so many pieces; `response.cancel` still ends it. */
  readonly hangAfterPieces?: number;
  /** Destroys the connection after so many pieces. */
  readonly dropAfterPieces?: number;
  /** Closes the socket properly after so many pieces. */
  readonly closeAfterPieces?: number;
}

/** What the user of a session says. */
export interface Speech {
  readonly transcript?: string;
  /** Counts of the transcription. @defaultValue tokens */
  readonly transcriptionUsage?: Readonly<Record<string, unknown>>;
  /** Milliseconds of speech. @defaultValue 1000 */
  readonly durationMs?: number;
}
