import { createHash, randomBytes } from "node:crypto";

/** A token in the open, as its owner has it. */
export interface Token {
  /** Names it in files and logs. */
  readonly id: string;
  /** `tgt_<id>_<secret>`; told once, when it is made. */
  readonly text: string;
  /** What is kept of it. */
  readonly hash: string;
}

const TOKEN = /^tgt_([a-z0-9]{8,32})_([A-Za-z0-9_-]{43})$/;

/** Makes a token of 256 random bits. */
export function createToken(): Token {
  const id = randomBytes(6).toString("hex");
  const text = `tgt_${id}_${randomBytes(32).toString("base64url")}`;
  return { id, text, hash: hashToken(text) };
}

/** A secret of 256 random bits cannot be guessed from a fast hash, so that one does. */
export function hashToken(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** `undefined` when the text is no token. */
export function idOfToken(text: string): string | undefined {
  return TOKEN.exec(text)?.[1];
}
