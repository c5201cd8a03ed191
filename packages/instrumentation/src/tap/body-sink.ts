/** Where the taps pour what the app reads of a body. Each byte may come several times. */
export interface BodySink {
  /** Bytes of the body, `offset` counted from its start. */
  bytes(offset: number, chunk: Uint8Array): void;
  /** The whole body, as the app's own `json()` parsed it. */
  wholeJson(value: unknown): void;
  /** The whole body as text. */
  wholeText(text: string): void;
  /** The whole body as a blob, for a sink that may not want all of it; others get its bytes. */
  wholeBlob?(blob: Blob): void;
  done(): void;
  fail(error: unknown): void;
  /** One more reader of the same bytes: a clone, a branch of a tee. */
  branch(): void;
  /** One reader leaves. */
  cancel(): void;
}
