import {
  isJsonObject,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";

/** What matters of one item in a response's output. */
export interface OutputItem {
  /** Set when the app is to run it. */
  readonly toolName: string | undefined;
  readonly isWebSearch: boolean;
  readonly isFileSearch: boolean;
  /** The sandbox that code ran in. */
  readonly containerId: string | undefined;
}

export function readOutputItem(item: JsonObject): OutputItem {
  const type = item["type"];
  const isCall = type === "function_call" || type === "custom_tool_call";
  return {
    toolName: isCall ? readLabel(item, "name") : undefined,
    isWebSearch: type === "web_search_call" && isSearch(readObject(item, "action")),
    isFileSearch: type === "file_search_call",
    containerId: type === "code_interpreter_call" ? readLabel(item, "container_id") : undefined,
  };
}

/**
 * Opening a page that was found and looking through it are actions of the same tool, and free.
 *
 * @see https://platform.openai.com/docs/guides/tools-web-search
 */
function isSearch(action: JsonObject | undefined): boolean {
  const type = readLabel(action, "type");
  return type === undefined || type === "search";
}

/** UTF-16 code units of the text and arguments in it. */
export function outputItemLength(item: JsonObject): number {
  let chars = textLength(item, "arguments") + textLength(item, "input");
  for (const part of [...readList(item, "content"), ...readList(item, "summary")]) {
    if (isJsonObject(part)) chars += textLength(part, "text") + textLength(part, "refusal");
  }
  return chars;
}
