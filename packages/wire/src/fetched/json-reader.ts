import type { FetchedReader } from "./fetched.ts";

/** Reads a body that is one JSON document. */
export function createJsonReader(onValue: (value: unknown) => void): FetchedReader {
  const decoder = new TextDecoder();
  let text: string | undefined = "";
  return {
    get open() {
      return text !== undefined;
    },
    write(chunk) {
      if (text !== undefined) text += decoder.decode(chunk, { stream: true });
    },
    json(value) {
      text = undefined;
      onValue(value);
    },
    text(more) {
      if (text !== undefined) text += more;
    },
    end() {
      if (text === undefined) return;
      const value = parse(text + decoder.decode());
      text = undefined;
      onValue(value);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
