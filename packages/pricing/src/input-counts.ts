import type { TokenUsage } from "@tollgate/core";
import { catalogueId } from "./provider-ids.ts";

/** More than any call has; keeps nonsense within exact arithmetic. */
const MAX_COUNT = 1e12;

/** A count as it can be charged: whole and not negative; what is neither was not said. */
export function readCount(count: number | undefined): number | undefined {
  if (count === undefined || !(count >= 0)) return undefined;
  // There is a negative zero, too.
  return Math.min(Math.ceil(Math.abs(count)), MAX_COUNT);
}

/**
 * What a total leaves beside its part. A part above its total shows that this provider's total does
 * not contain the part, so that both are due.
 */
export function rest(total: number, part: number): number {
  return part > total ? total : total - part;
}

/**
 * OpenRouter counts reasoning with another tokenizer than the output around it, which contains it all the
 * same: its totals and its bills are those of the output. For every other provider a count of reasoning
 * above the output is one beside it.
 */
export function countReasoning(provider: string, usage: TokenUsage): TokenUsage {
  const { reasoningTokens = 0, outputTokens = 0 } = usage;
  if (!(reasoningTokens > outputTokens) || catalogueId(provider) !== "openrouter") return usage;
  return { ...usage, reasoningTokens: outputTokens };
}

/** Input tokens by what they cost, in the order of a prompt: what a cache holds comes first. */
export interface InputCounts {
  readonly read: number;
  readonly readAudio: number;
  readonly readImage: number;
  readonly write: number;
  readonly write1h: number;
  readonly audio: number;
  readonly image: number;
  readonly video: number;
  readonly text: number;
}

/**
 * Most providers do not say which of the cached tokens were speech: speech counts as uncached as far
 * as it can then, the dearer reading, since caching takes more off speech than off text.
 */
export function countInput(usage: TokenUsage): InputCounts {
  const read = readCount(usage.cacheReadTokens) ?? 0;
  const write1h = readCount(usage.cacheWrite1hTokens) ?? 0;
  const write = Math.max(readCount(usage.cacheWriteTokens) ?? 0, write1h);
  const uncached = rest(readCount(usage.inputTokens) ?? 0, read + write);

  const spoken = readCount(usage.audioInputTokens) ?? 0;
  const shown = readCount(usage.imageInputTokens) ?? 0;
  const saidAudio = Math.min(readCount(usage.audioCacheReadTokens) ?? 0, spoken);
  const saidImage = Math.min(readCount(usage.imageCacheReadTokens) ?? 0, shown);
  const audio = Math.min(spoken - saidAudio, uncached);
  const image = Math.min(shown - saidImage, uncached - audio);
  const video = Math.min(readCount(usage.videoInputTokens) ?? 0, uncached - audio - image);
  const readAudio = Math.min(spoken - audio, read);
  const readImage = Math.min(shown - image, read - readAudio);
  return {
    read: read - readAudio - readImage,
    readAudio,
    readImage,
    write: write - write1h,
    write1h,
    audio,
    image,
    video,
    text: uncached - audio - image - video,
  };
}

export function sumInput(counts: InputCounts): number {
  const { read, readAudio, readImage, write, write1h, audio, image, video, text } = counts;
  return read + readAudio + readImage + write + write1h + audio + image + video + text;
}

/** The tokens from one place of the prompt up to another. */
export function sliceInput(counts: InputCounts, from: number, to: number): InputCounts {
  let start = 0;
  const within = (count: number): number => {
    const end = start + count;
    const part = Math.max(0, Math.min(end, to) - Math.max(start, from));
    start = end;
    return part;
  };
  return {
    read: within(counts.read),
    readAudio: within(counts.readAudio),
    readImage: within(counts.readImage),
    write: within(counts.write),
    write1h: within(counts.write1h),
    audio: within(counts.audio),
    image: within(counts.image),
    video: within(counts.video),
    text: within(counts.text),
  };
}
