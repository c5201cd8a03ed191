import { hash } from "node:crypto";

/** Longest name: an id, a model, a branch. Indexes are made of them. */
export const NAME_CHARS = 512;
/** Longest free text. */
export const NOTE_CHARS = 8_192;

/**
 * Text as every database keeps it: no NUL, no half of a surrogate pair (both become U+FFFD), and no longer than a
 * limit. What is cut ends in a hash of the whole, so that different texts stay different.
 */
export function cleanText(text: string, limit: number): string {
  let clean = text;
  if (clean.includes("\0")) clean = clean.replaceAll("\0", "\uFFFD");
  if (!clean.isWellFormed()) clean = clean.toWellFormed();
  if (clean.length <= limit) return clean;
  const mark = `…#${hash("sha256", clean).slice(0, 16)}`;
  return clean.slice(0, limit - mark.length).toWellFormed() + mark;
}

/** A name by which something is told apart; an empty one says nothing. */
export function cleanName(name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : cleanText(name, NAME_CHARS);
}
