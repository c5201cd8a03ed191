import { listElements, scanObject, unquote } from "../json/scan.ts";
import type { RequestBody } from "./request-body.ts";

/** Parts whose tokens have nothing to do with the bytes that name or hold them. */
const UNBOUNDABLE_CONTENT: ReadonlySet<string> = new Set([
  "audio",
  "computer_call_output",
  "computer_screenshot",
  "container_upload",
  "document",
  "file",
  "image",
  "image_generation_call",
  "image_url",
  "input_audio",
  "input_file",
  "input_image",
  "input_video",
  "item_reference",
  "video",
  "video_url",
]);

/** Tools that the app runs itself; their results come back in a request of their own. */
const CLIENT_TOOLS: ReadonlySet<string> = new Set(["function", "custom"]);

/**
 * A part of the prompt that is not text, or not in the request.
 *
 * @param kinds - what such parts are called.
 */
export function unboundableContent(
  body: RequestBody,
  kinds: ReadonlySet<string> = UNBOUNDABLE_CONTENT,
): string | undefined {
  for (const type of body.contentTypes) {
    if (kinds.has(type)) return `the prompt holds content that is not text: ${type}`;
  }
  return undefined;
}

/**
 * A tool that the provider runs: what it reads becomes input, and some charge for each use.
 */
export function unboundableTool(body: RequestBody): string | undefined {
  const tools = body.raw("tools");
  if (tools === undefined) return undefined;
  for (const tool of listElements(tools)) {
    const type = toolType(tool);
    if (type !== undefined && !CLIENT_TOOLS.has(type)) {
      return `the provider runs a tool itself: ${type}`;
    }
  }
  return undefined;
}

function toolType(tool: string): string | undefined {
  let type: string | undefined;
  scanObject(tool, {
    member: (key, raw) => {
      if (key === "type") type = unquote(raw);
    },
  });
  return type;
}

/** Members whose mere presence adds tokens that the body does not show, each with the reason. */
export function unboundableMember(
  body: RequestBody,
  reasons: Readonly<Record<string, string>>,
): string | undefined {
  for (const [key, reason] of Object.entries(reasons)) {
    const raw = body.raw(key);
    if (raw !== undefined && raw !== "false" && raw !== "[]") return reason;
  }
  return undefined;
}
