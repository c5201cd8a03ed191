import { matchCall, type MatchedCall } from "@tollgate/wire";
import { CHAT_REQUEST, CHAT_URL } from "../canned/requests.ts";
import type { Part } from "./part.ts";

const OTHER_URL = "https://shop.example/api/v2/items?page=3";
const HOSTS = new Map([
  [CHAT_URL, 1],
  [OTHER_URL, 0],
]);

function matchPart(name: string, method: string, url: string): Part {
  return {
    name,
    run: () => matchCall(method, url),
    floor: "Map.get(url)",
    runFloor: () => HOSTS.get(url),
  };
}

function matchedChat(): MatchedCall {
  const match = matchCall("POST", CHAT_URL);
  if (match === undefined) throw new Error(`${CHAT_URL} is no known call`);
  return match;
}

function readPart(size: string, chars: number): Part {
  const { api, path } = matchedChat();
  const content = "The quick brown fox jumps over the lazy dog. ".repeat(chars / 45);
  const body = JSON.stringify({ ...CHAT_REQUEST, messages: [{ role: "user", content }] });
  return {
    name: `readRequest, ${size}`,
    run: () => api.readRequest(body, path),
    floor: "JSON.parse(body)",
    runFloor: () => JSON.parse(body),
  };
}

export const WIRE_PARTS: readonly Part[] = [
  matchPart("matchCall, an LLM call", "POST", CHAT_URL),
  matchPart("matchCall, another POST", "POST", OTHER_URL),
  matchPart("matchCall, a GET", "GET", OTHER_URL),
  readPart("1 kB", 900),
  readPart("100 kB", 99_900),
];
