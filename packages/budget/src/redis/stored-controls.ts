import type { Control, StoredControl } from "../store/store.ts";

export function controlJson({ frozen, limit, untilMs }: Control): string {
  return JSON.stringify({ frozen, limit, untilMs });
}

/** Those in force. What a later version wrote and this one does not know is left out. */
export function readControls(written: ReadonlyMap<string, string>, nowMs: number): StoredControl[] {
  const controls: StoredControl[] = [];
  for (const [key, json] of written) {
    const data: unknown = JSON.parse(json);
    if (typeof data !== "object" || data === null) continue;
    const untilMs = numberIn(data, "untilMs");
    if (untilMs !== undefined && untilMs <= nowMs) continue;
    const limit = numberIn(data, "limit");
    controls.push({
      key,
      ...("frozen" in data && data.frozen === true && { frozen: true }),
      ...(limit !== undefined && { limit }),
      ...(untilMs !== undefined && { untilMs }),
    });
  }
  return controls;
}

function numberIn(data: object, name: string): number | undefined {
  const value: unknown = Object.entries(data).find(([key]) => key === name)?.[1];
  return typeof value === "number" ? value : undefined;
}
