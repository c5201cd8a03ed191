import { contentReader, type ContentMessage, type ContentReader } from "../src/index.ts";
import { from } from "./wire-samples.ts";

export function readerOf(api: string): ContentReader {
  const reader = contentReader(api);
  if (reader === undefined) throw new Error(`no content is read of ${api}`);
  return reader;
}

export function streamed(
  api: string,
  bytes: string | Uint8Array,
  contentType = "text/event-stream",
): readonly ContentMessage[] {
  const source = from("any", { "content-type": contentType });
  const stream = readerOf(api).createStream({ limitChars: 10_000, source });
  const whole = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  for (let at = 0; at < whole.length; at += 7) stream.write(whole.subarray(at, at + 7));
  return stream.end();
}

export const SEARCH: {
  readonly name: string;
  readonly description: string;
  readonly parameters: object;
} = {
  name: "search",
  description: "Searches",
  parameters: { type: "object" },
};
export const DEFINITION: object = { type: "function", ...SEARCH };
export const CALL: object = { type: "tool_call", id: "c1", name: "search", arguments: { q: "é" } };
export const ARGS: string = '{"q":"é"}';
/** An assistant that thinks, talks and calls. */
export const SAID: readonly object[] = [
  { type: "reasoning", content: "Let me see." },
  { type: "text", content: "I will look." },
  CALL,
];
export const assistant = (reason: string): readonly unknown[] => [
  { role: "assistant", parts: SAID, finish_reason: reason },
];
export const json = (body: object): string => JSON.stringify(body);
