import { parseObject, readLabel } from "../json/read.ts";
import type { RequestBody } from "../request/request-body.ts";

/** Blocks that are named by their key and hold something other than text. */
const MEDIA_BLOCK = /"(image|document|video|audio)"\s*:\s*\{/;

/** A part of a Converse-shaped prompt that is not text. A key in quoted text has its quotes escaped. */
export function unboundableBlock(body: RequestBody): string | undefined {
  const kind = MEDIA_BLOCK.exec(body.raw("messages") ?? "")?.[1];
  return kind === undefined ? undefined : `the prompt holds content that is not text: ${kind}`;
}

/** A count inside of a member, such as `inferenceConfig.maxTokens`. */
export function countWithin(body: RequestBody, key: string, name: string): number | undefined {
  const value = parseObject(body.raw(key) ?? "")?.[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}

export function labelWithin(body: RequestBody, key: string, name: string): string | undefined {
  return readLabel(parseObject(body.raw(key) ?? ""), name);
}
