import { createEstimator, type Estimator } from "./estimator.ts";
import { loadedTokenizer } from "./tokenizer.ts";

/** Tokens per UTF-16 code unit: English and code, and most other scripts. */
const TOKENS_PER_ASCII = 0.25;
const TOKENS_PER_OTHER = 0.75;

/** Merging is quadratic in the length of one run without spaces: nothing longer goes to the tokenizer. */
const SLICE_CHARS = 2_048;
/** Up to here all of a text is counted. */
const EXACT_CHARS = 8_192;
/** Of what is longer, so many slices of so many characters. */
const SAMPLES = 8;
const SAMPLE_CHARS = 1_024;
/** How far back a place between two words is looked for. */
const LOOK_BACK_CHARS = 128;

const UNLEARNED: Estimator = createEstimator();

/**
 * Tokens of a text. With the tokenizer loaded (`loadTokenizer`): counted up to 8,192 characters, but for what
 * cuts inside very long words change; of longer texts 8 kB are counted and the rest is taken to be alike.
 * Without it: a quarter of the ASCII characters and three quarters of the others. The time it takes is
 * bounded but for one look at each character.
 *
 * @param model - whose factor the estimator has learned; its vocabulary is not known otherwise.
 * @param estimator - @defaultValue one that has learned nothing
 * @returns a whole number, 0 for the empty text only.
 */
export function countTokens(
  text: string,
  model?: string,
  estimator: Estimator = UNLEARNED,
): number {
  const factor = model === undefined ? 1 : estimator.factor(model);
  return Math.ceil(countText(text) * factor);
}

function countText(text: string): number {
  const count = loadedTokenizer();
  if (count === undefined) return guessTokens(text, 0, text.length);
  return text.length <= EXACT_CHARS
    ? countSlices(text, 0, text.length, count)
    : countSamples(text, count);
}

function countSlices(
  text: string,
  from: number,
  end: number,
  count: (text: string) => number,
): number {
  let tokens = 0;
  for (let start = from; start < end;) {
    const next = start + SLICE_CHARS >= end ? end : cutBefore(text, start, start + SLICE_CHARS);
    tokens += count(text.slice(start, next));
    start = next;
  }
  return tokens;
}

/** What is counted of the samples, per token guessed of them, holds for the whole text. */
function countSamples(text: string, count: (text: string) => number): number {
  const stride = (text.length - SAMPLE_CHARS) / (SAMPLES - 1);
  let counted = 0;
  let guessed = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const from = wholeCharacter(text, Math.floor(sample * stride));
    const end = wholeCharacter(text, Math.min(from + SAMPLE_CHARS, text.length));
    counted += countSlices(text, from, end, count);
    guessed += guessTokens(text, from, end);
  }
  return (guessTokens(text, 0, text.length) * counted) / guessed;
}

/** The last place between two words before `end`, where a cut changes no token; else `end`. */
function cutBefore(text: string, start: number, end: number): number {
  for (let place = end; place > Math.max(start, end - LOOK_BACK_CHARS); place--) {
    if (isSpace(text, place) && !isSpace(text, place - 1) && !isSpace(text, place + 1))
      return place;
  }
  return wholeCharacter(text, end);
}

const SPACE = 0x20;

function isSpace(text: string, index: number): boolean {
  return text.charCodeAt(index) <= SPACE;
}

/** Not between the two halves of a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc_00 && unit <= 0xdf_ff && index > 0 ? index - 1 : index;
}

const LAST_ASCII = 0x7f;

function guessTokens(text: string, from: number, end: number): number {
  let ascii = 0;
  for (let index = from; index < end; index++) {
    if (text.charCodeAt(index) <= LAST_ASCII) ascii++;
  }
  return ascii * TOKENS_PER_ASCII + (end - from - ascii) * TOKENS_PER_OTHER;
}
