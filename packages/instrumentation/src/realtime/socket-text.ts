let decoder: InstanceType<typeof TextDecoder> | undefined;

/** The text of a message that is text, or its bytes; `undefined` for what cannot be read at once. */
export function textOfMessage(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  if (data instanceof ArrayBuffer) return decode(new Uint8Array(data));
  if (!ArrayBuffer.isView(data)) return undefined;
  return decode(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function decode(bytes: Uint8Array): string {
  decoder ??= new TextDecoder();
  return decoder.decode(bytes);
}
