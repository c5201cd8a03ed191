import type { FakeProvider } from "../src/index.ts";

export type Json = Readonly<Record<string, unknown>>;

export const CHAT = "/v1/chat/completions";
export const RESPONSES = "/v1/responses";
export const MESSAGES = "/v1/messages";

/** A request that the real API would take, for each path. */
export const ASK: Readonly<Record<string, Json>> = {
  [CHAT]: { model: "gpt-5-mini", messages: [{ role: "user", content: "What is a toll?" }] },
  [RESPONSES]: { model: "gpt-5-mini", input: "What is a toll?" },
  [MESSAGES]: {
    model: "claude-haiku-4-5",
    max_tokens: 1000,
    messages: [{ role: "user", content: "What is a toll?" }],
  },
};

export function post(
  provider: FakeProvider,
  path: string,
  more: Json = {},
  init: RequestInit = {},
): Promise<Response> {
  return fetch(provider.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...ASK[path], ...more }),
    ...init,
  });
}

export interface WireEvent {
  readonly event: string | undefined;
  readonly data: Json;
}

/** Reads a whole event stream; `[DONE]` becomes `{ done: true }`. */
export async function readEvents(response: Response): Promise<WireEvent[]> {
  const text = await response.text();
  const blocks = text.split("\n\n");
  if (blocks.pop() !== "") throw new Error(`the stream ends inside an event: ${text}`);
  return blocks.map((block) => {
    const lines = block.split("\n");
    const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
    if (data === undefined) throw new Error(`no data in ${block}`);
    return { event, data: data === "[DONE]" ? { done: true } : JSON.parse(data) };
  });
}

/** All that are strings, in one. */
export function joinTexts(texts: readonly unknown[]): string {
  return texts.filter((text) => typeof text === "string").join("");
}

/** A member deep inside, such as `at(body, "choices", 0, "delta")`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    return Object.entries(inner).find(([name]) => name === String(key))?.[1];
  }, value);
}
