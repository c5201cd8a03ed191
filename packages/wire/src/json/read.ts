/** A JSON object whose members nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Names longer than this are not names: they would become labels and span attributes. */
const MAX_LABEL_LENGTH = 256;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readObject(from: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = from?.[key];
  return isJsonObject(value) ? value : undefined;
}

export function readList(from: JsonObject | undefined, key: string): readonly unknown[] {
  const value: unknown = from?.[key];
  return Array.isArray(value) ? value : [];
}

/** A short, non-empty text: a model, an id, a reason, a function's name. */
export function readLabel(from: JsonObject | undefined, key: string): string | undefined {
  const value = from?.[key];
  return typeof value === "string" && value.length > 0 && value.length <= MAX_LABEL_LENGTH
    ? value
    : undefined;
}

/** UTF-16 code units of a text member; 0 when it is no text. */
export function textLength(from: JsonObject | undefined, key: string): number {
  const value = from?.[key];
  return typeof value === "string" ? value.length : 0;
}

/** A position in a list, such as the index of a choice. */
export function readIndex(from: JsonObject | undefined, key: string): number | undefined {
  const value = from?.[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A JSON object in text; `undefined` when the text is something else or broken. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
