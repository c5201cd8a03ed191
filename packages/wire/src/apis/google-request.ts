import type { RequestFacts } from "@tollgate/core";
import { listElements, scanObject } from "../json/scan.ts";
import { openMember, openRequestBody, type RequestBody } from "../request/request-body.ts";
import { unboundableContent, unboundableMember } from "../request/unboundable.ts";
import { unreadRequest } from "../request/unread-request.ts";
import { modelOfGooglePath } from "./google-path.ts";

/** Google's JSON takes every name in both spellings. */
export const MEDIA_KEYS: ReadonlySet<string> = new Set([
  "fileData",
  "file_data",
  "inlineData",
  "inline_data",
]);

/** Tools that the app runs itself. */
const CLIENT_TOOLS: ReadonlySet<string> = new Set([
  "functionDeclarations",
  "function_declarations",
]);

/** Reads a request for an answer; the path says which model, and whether it comes as a stream. */
export function readGenerateRequest(
  text: string | undefined,
  path: string | undefined,
  streaming: boolean,
): RequestFacts | undefined {
  const model = modelOfGooglePath(path);
  if (text === undefined) return { ...unreadRequest(), model, streaming };
  const body = openRequestBody(text, MEDIA_KEYS);
  if (!body || body.raw("contents") === undefined) return undefined;
  return {
    model,
    streaming,
    ...readLimits(body),
    bodyBytes: body.bytes,
    serviceTier: body.text("serviceTier") ?? body.text("service_tier"),
    unboundable:
      unboundableContent(body, MEDIA_KEYS) ?? unboundableTool(body) ?? storedContent(body),
  };
}

function readLimits(body: RequestBody): Pick<RequestFacts, "maxOutputTokens" | "choices"> {
  const config = openMember(body, "generationConfig") ?? openMember(body, "generation_config");
  return {
    maxOutputTokens: config?.count("maxOutputTokens") ?? config?.count("max_output_tokens"),
    choices: config?.count("candidateCount") ?? config?.count("candidate_count") ?? 1,
  };
}

/** Each tool is named by its key. */
function unboundableTool(body: RequestBody): string | undefined {
  const tools = body.raw("tools") ?? "";
  // One tool may stand without the list around it.
  for (const tool of tools.startsWith("{") ? [tools] : listElements(tools)) {
    const names: string[] = [];
    scanObject(tool, { member: (key) => names.push(key) });
    const served = names.find((name) => !CLIENT_TOOLS.has(name));
    if (served !== undefined) return `the provider runs a tool itself: ${served}`;
  }
  return undefined;
}

function storedContent(body: RequestBody): string | undefined {
  const reason = "the provider keeps a part of the prompt";
  return unboundableMember(body, { cachedContent: reason, cached_content: reason });
}
