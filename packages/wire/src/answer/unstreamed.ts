import type { StreamReader } from "../api.ts";
import { createDraft, draftFacts, noteProblem } from "./draft.ts";

/** For APIs that never stream: an event stream all the same is noted, and not read. */
export function createUnstreamedReader(): StreamReader {
  const draft = createDraft();
  return {
    write: (chunk) => {
      if (chunk.length > 0)
        noteProblem(draft, "the answer is a stream, which this API never sends");
    },
    end: () => draftFacts(draft),
  };
}
