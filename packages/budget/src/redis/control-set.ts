/** Controls as they stood at a time; a higher version is a later one. */
export interface ControlSet {
  readonly version: number;
  /** Keys and JSON by turns. */
  readonly fields: readonly string[];
}

/** @throws Error when they are none. */
export function readControlSet([version, fields]: readonly unknown[]): ControlSet {
  if (typeof version !== "number" || !Array.isArray(fields)) {
    throw new Error("Redis answered no controls where they belong");
  }
  return { version, fields: fields.map(String) };
}
