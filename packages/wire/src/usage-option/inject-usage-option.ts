import { scanObject } from "../json/scan.ts";

const OPTION = '"stream_options":{"include_usage":true}';

/**
 * Asks a streamed chat completion or completion for its usage, which most vendors send only then.
 * Every byte of the body stays as it is, but for the one member added in front.
 *
 * @returns `undefined` when there is nothing to add: the body streams not, says itself what it wants
 *   (`null` included), or is something else.
 */
export function injectUsageOption(bodyText: string): string | undefined {
  const members = new Map<string, string>();
  if (!scanObject(bodyText, { member: (key, raw) => members.set(key, raw) })) return undefined;
  if (members.get("stream") !== "true" || members.has("stream_options")) return undefined;
  // Azure refuses the option for answers from an app's own data.
  if (!hasPrompt(members) || members.has("data_sources")) return undefined;
  const start = bodyText.indexOf("{") + 1;
  return `${bodyText.slice(0, start)}${OPTION},${bodyText.slice(start)}`;
}

/** The Responses API's prompt is an object, and its streams say their usage anyway. */
function hasPrompt(members: ReadonlyMap<string, string>): boolean {
  return (
    members.get("messages")?.startsWith("[") === true || /^["[]/.test(members.get("prompt") ?? "")
  );
}
