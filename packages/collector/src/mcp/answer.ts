import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { diag } from "@opentelemetry/api";
import { isTollgateError } from "@tollgate/core";
import { may, type AccessScope, type Caller } from "../access/caller.ts";
import { RequestError } from "../usage/request-error.ts";

/** What a tool says: text for a model to read, and the same as data. */
export interface Said {
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** Answers by what a tool says; what is wrong with the request is told to the model, which can mend it. */
export async function answer(
  caller: Caller,
  scope: AccessScope,
  say: () => Promise<Said>,
): Promise<CallToolResult> {
  if (!may(caller, scope))
    return failure(`this token is not for ${scope}; use one with that scope`);
  try {
    const { text, data } = await say();
    return { content: [{ type: "text", text }], structuredContent: data };
  } catch (error) {
    if (error instanceof RequestError) return failure(error.message);
    if (isTollgateError(error) && error.code === "TOLLGATE_STORE_UNAVAILABLE") {
      return failure("the store does not answer; try again in a few seconds");
    }
    diag.error("tollgate: a tool failed", error);
    return failure("the collector failed; its log says why");
  }
}

function failure(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
