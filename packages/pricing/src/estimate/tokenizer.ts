/** Counts the tokens of a short text. */
type CountText = (text: string) => number;

let loaded: CountText | undefined;
let loading: Promise<boolean> | undefined;

/**
 * Loads `gpt-tokenizer` (the o200k vocabulary of OpenAI's current models, 2.4 MB), if it is installed. From then
 * on counts are its counts; before, and without it, they are guesses from the characters.
 *
 * @returns whether it is there. Never rejects.
 */
export function loadTokenizer(): Promise<boolean> {
  loading ??= import("gpt-tokenizer/encoding/o200k_base").then(
    ({ countTokens }) => {
      // Text that looks like a control token is text to providers, too.
      const asText = { disallowedSpecial: new Set<string>() };
      loaded = (text) => countTokens(text, asText);
      return true;
    },
    () => false,
  );
  return loading;
}

/** `undefined` until {@link loadTokenizer} has found the tokenizer. */
export function loadedTokenizer(): CountText | undefined {
  return loaded;
}
