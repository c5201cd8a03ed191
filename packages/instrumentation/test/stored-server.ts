import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** An answer of a server that keeps what was made earlier. */
export interface StoredAnswer {
  readonly body: string | Uint8Array | readonly (string | Uint8Array)[];
  readonly contentType?: string;
  readonly status?: number;
}

export interface StoredServer {
  readonly url: string;
  /** `METHOD /path?query` of each request. */
  readonly requests: string[];
}

/**
 * Starts a server that answers by method and path; `undefined` is 404. A body in parts is written part by
 * part.
 */
export async function startStoredServer(
  answer: (route: string) => StoredAnswer | undefined,
): Promise<StoredServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const route = `${request.method ?? ""} ${request.url ?? ""}`;
    requests.push(route);
    const found = answer(route) ?? { status: 404, body: '{"error":{"code":"not_found"}}' };
    const { body, contentType = "application/json", status = 200 } = found;
    response.writeHead(status, { "content-type": contentType });
    const parts = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
    for (const part of parts) response.write(part);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  return { url: `http://127.0.0.1:${portOf(address)}`, requests };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address.port;
}

export function jsonLines(...values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

export function batchLine(index: number, model = "gpt-4o-mini"): object {
  const body = {
    id: `chatcmpl-${index}`,
    object: "chat.completion",
    model,
    choices: [{ index: 0, message: { role: "assistant", content: "4" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 },
  };
  return {
    id: `batch_req_${index}`,
    custom_id: `request-${index}`,
    response: { status_code: 200, request_id: `req_${index}`, body },
    error: null,
  };
}

export function storedResponse(id: string, more: object = {}): object {
  return {
    id,
    object: "response",
    status: "completed",
    background: true,
    error: null,
    model: "gpt-4o-mini",
    output: [],
    usage: { input_tokens: 1_000, output_tokens: 500, total_tokens: 1_500 },
    ...more,
  };
}

/** 1,000 × $0.15 + 500 × $0.60, per million tokens. */
export const STORED_NANO_USD = 450_000;

export const QUEUED = { status: "queued", usage: null } as const;
