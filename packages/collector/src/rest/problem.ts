import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { diag } from "@opentelemetry/api";
import { isTollgateError } from "@tollgate/core";
import * as z from "zod";
import { RequestError, type RequestErrorCode, type RequestIssue } from "../usage/request-error.ts";

/** What went wrong, as RFC 9457 writes it. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Which keys of the request are wrong, and why. */
  readonly issues?: readonly RequestIssue[] | undefined;
}

export const problemSchema: z.ZodType<Problem> = z
  .object({
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .describe("What went wrong (RFC 9457).");

const STATUS: Readonly<Record<RequestErrorCode, number>> = {
  invalid: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};

const TITLES: Readonly<Partial<Record<number, string>>> = {
  400: "Bad request",
  401: "No token",
  403: "Not allowed",
  404: "Not found",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  500: "Internal error",
  503: "Unavailable",
};

/** What the server says of requests that it cannot read, with what to do. */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "body: is not JSON; write one object or a list, such as {}",
  FST_ERR_CTP_EMPTY_JSON_BODY: "body: is empty; write JSON, or leave out content-type",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "content-type: is none that is read here; write application/json",
  FST_ERR_CTP_BODY_TOO_LARGE: "body: is larger than 4 MiB; send less at once",
};

/** Answers who asks for what is not there. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { method, url } = request;
  const path = url.split("?", 1)[0] ?? "";
  const detail = `there is no ${method} ${path}; /openapi.json and /docs list what there is`;
  return sendProblem(reply, { status: 404, detail });
}

export function sendProblem(reply: FastifyReply, problem: Omit<Problem, "title">): FastifyReply {
  const { status } = problem;
  const title = TITLES[status] ?? "Problem";
  // The serializer of a route's own answers does not know it.
  return reply
    .code(status)
    .type("application/problem+json; charset=utf-8")
    .serializer(JSON.stringify)
    .send({ title, ...problem });
}

/** What a ledger says of a question that makes no sense, by what it says it of. */
const ASKED_WRONGLY: ReadonlyMap<string, string> = new Map([
  ["TOLLGATE_CURSOR_INVALID", "cursor: "],
  ["TOLLGATE_QUERY_INVALID", ""],
]);

/** Tells what was wrong with a request; of what is wrong here it tells nothing. */
export function handleError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof RequestError) {
    const { code, message: detail, issues } = error;
    return sendProblem(reply, { status: STATUS[code], detail, issues });
  }
  if (isTollgateError(error) && error.code === "TOLLGATE_STORE_UNAVAILABLE") {
    void reply.header("retry-after", "5");
    return sendProblem(reply, { status: 503, detail: "the store does not answer; try again" });
  }
  const askedWrongly = isTollgateError(error) ? ASKED_WRONGLY.get(error.code) : undefined;
  if (askedWrongly !== undefined) {
    return sendProblem(reply, { status: 400, detail: askedWrongly + error.message });
  }
  const { statusCode = 500 } = error;
  if (statusCode < 500) {
    return sendProblem(reply, { status: statusCode, detail: WORDS[error.code] ?? error.message });
  }
  diag.error(`tollgate: ${request.method} ${request.routeOptions.url} failed`, error);
  return sendProblem(reply, { status: 500, detail: "the collector failed; its log says why" });
}
