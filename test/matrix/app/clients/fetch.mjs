import { bodyReaders } from "../body-readers.mjs";
import { rawChat } from "../raw-chat.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

const texts = (body) => body.pipeThrough(new TextDecoderStream());

/** The platform's own fetch, or the one of a module with the platform's classes. */
export function scenarios([platform = globalThis], baseUrl) {
  const { fetch, Request, Response } = platform;
  return {
    ...bodyReaders({ fetch, Request, Response }, baseUrl),
    ...usualScenarios("usual raw", rawChat(fetch, baseUrl, texts)),
  };
}
