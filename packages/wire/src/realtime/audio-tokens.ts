/**
 * How many tokens sound in base64 comes to: the provider counts one for 100 ms of what the user says,
 * and one for 50 ms of what the model says.
 *
 * @see https://platform.openai.com/docs/guides/realtime-costs
 */
const USER_TOKENS_PER_SECOND = 10;
const MODEL_TOKENS_PER_SECOND = 20;

/** 16 bits at 24 kHz, the format that a session has unless it says otherwise. */
const PCM_BYTES_PER_SECOND = 48_000;
/** G.711, either law. */
const TELEPHONE_BYTES_PER_SECOND = 8_000;
const BASE64_CHARS_PER_BYTE = 4 / 3;

/** @param format - as a session names it: `audio/pcm` or `pcm16`, `audio/pcmu`, `g711_ulaw` and the like. */
export function charsPerSecond(format: string | undefined): number {
  const telephone = format !== undefined && /pcmu|pcma|g711/.test(format);
  const bytes = telephone ? TELEPHONE_BYTES_PER_SECOND : PCM_BYTES_PER_SECOND;
  return bytes * BASE64_CHARS_PER_BYTE;
}

export function userAudioTokens(base64Chars: number, perSecond: number): number {
  return Math.ceil((base64Chars / perSecond) * USER_TOKENS_PER_SECOND);
}

export function modelAudioTokens(base64Chars: number, perSecond: number): number {
  return Math.ceil((base64Chars / perSecond) * MODEL_TOKENS_PER_SECOND);
}
