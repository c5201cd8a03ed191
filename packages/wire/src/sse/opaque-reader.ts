import { createDraft, draftFacts, noteComplete } from "../answer/draft.ts";
import type { StreamReader } from "../api.ts";

/**
 * Reads an answer that is no JSON: sound, or a plain text of which only the length matters. It says
 * nothing of its end, so whatever came is taken for all.
 */
export function createOpaqueReader(isText: boolean): StreamReader {
  const draft = createDraft();
  const decoder = new TextDecoder();
  return {
    write: (chunk) => {
      if (chunk.length > 0) noteComplete(draft);
      if (isText) draft.outputChars += decoder.decode(chunk, { stream: true }).length;
    },
    end: () => draftFacts(draft),
  };
}
