import type { RecordedRequest } from "./recorded-request.ts";

const PAGE = 2;
const COUNT = 5;

/**
 * What is no call of a model but done with the same clients: files that are uploaded, and lists that come in
 * pages, as OpenAI (`after`) and Anthropic (`after_id`) have them.
 *
 * @returns `undefined` for all other requests
 */
export function answerStored({ method, path, bodyText }: RecordedRequest): object | undefined {
  const url = new URL(path, "http://localhost");
  if (url.pathname === "/v1/files" && method === "POST") {
    return { ...thing(0), bytes: Buffer.byteLength(bodyText), purpose: "batch" };
  }
  const isList = url.pathname === "/v1/files" || url.pathname === "/v1/models";
  return method === "GET" && isList ? page(url.searchParams) : undefined;
}

function page(query: URLSearchParams): object {
  const after = query.get("after") ?? query.get("after_id");
  const start = after === null ? 0 : Number(after.replace("file-", "")) + 1;
  const data = Array.from({ length: Math.min(PAGE, COUNT - start) }, (_, at) => thing(start + at));
  return {
    object: "list",
    data,
    has_more: start + PAGE < COUNT,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

interface Thing {
  readonly id: string;
  readonly object: "file";
  readonly type: "model";
  readonly created_at: number;
  readonly bytes: number;
  readonly filename: string;
}

/** Both vendors' members. */
function thing(number: number): Thing {
  return {
    id: `file-${number}`,
    object: "file",
    type: "model",
    created_at: 1_700_000_000,
    bytes: 10,
    filename: "a.jsonl",
  };
}
