import type { MatchedCall } from "../api.ts";
import { azureTakesOption } from "../usage-option/needs-usage-option.ts";
import type { OutputCap } from "./output-cap.ts";

/** OpenAI's models that think take `max_completion_tokens` only. */
const THINKING_MODEL = /(?:^|\/)(?:o\d|gpt-[5-9])/;

/**
 * Where a call's output can be limited; `undefined` when its API has no such limit.
 *
 * A chat completion without a limit of its own gets the member that its vendor is known to obey: OpenAI's newer
 * name at OpenAI and, from some version on, at Azure, and the older one, which every other server knows,
 * elsewhere.
 *
 * @param url - the call's, for Azure's API version.
 */
export function outputCapOf(
  call: MatchedCall,
  url: URL | string,
  model: string | undefined,
): OutputCap | undefined {
  const { outputCap, id } = call.api;
  if (outputCap === undefined || id !== "openai.chat") return outputCap;
  const [first, ...others] = outputCap.members;
  const [older] = others;
  if (older === undefined || takesNewerName(call, url, model)) return outputCap;
  return { ...outputCap, members: [older, first] };
}

function takesNewerName(call: MatchedCall, url: URL | string, model: string | undefined): boolean {
  if (call.hostKnown && call.provider === "openai") return true;
  if (call.hostKnown && call.provider.startsWith("azure.")) {
    return azureTakesOption(call, String(url));
  }
  return model !== undefined && THINKING_MODEL.test(model);
}
