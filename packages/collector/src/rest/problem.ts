import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { diag } from "@opentelemetry/api";
import { isTollgateError } from "@tollgate/core";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import * as z from "zod";
import { RequestError, type RequestErrorCode } from "../usage/request-error.ts";

/** What went wrong, as RFC 9457 writes it. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Which keys of the request are wrong, and why. */
  readonly issues?: readonly { readonly path: string; readonly message: string }[] | undefined;
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

/** What a ledger says of a question that makes no sense. */
const ASKED_WRONGLY: ReadonlySet<string> = new Set([
  "TOLLGATE_CURSOR_INVALID",
  "TOLLGATE_QUERY_INVALID",
]);

function describeIssues(
  found: readonly { readonly instancePath: string; readonly message?: string }[],
): Omit<Problem, "title"> {
  const issues = found.map(({ instancePath, message = "is wrong" }) => ({
    path: instancePath.slice(1).replaceAll("/", "."),
    message,
  }));
  const [first] = issues;
  const where = first?.path === "" ? "" : `${first?.path}: `;
  return { status: 400, detail: `${where}${first?.message}`, issues };
}

/** Tells what was wrong with a request; of what is wrong here it tells nothing. */
export function handleError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    return sendProblem(reply, describeIssues(error.validation));
  }
  if (error instanceof RequestError) {
    return sendProblem(reply, { status: STATUS[error.code], detail: error.message });
  }
  if (isTollgateError(error) && error.code === "TOLLGATE_STORE_UNAVAILABLE") {
    void reply.header("retry-after", "5");
    return sendProblem(reply, { status: 503, detail: "the store does not answer; try again" });
  }
  if (isTollgateError(error) && ASKED_WRONGLY.has(error.code)) {
    return sendProblem(reply, { status: 400, detail: error.message });
  }
  const { statusCode = 500 } = error;
  if (statusCode < 500) return sendProblem(reply, { status: statusCode, detail: error.message });
  diag.error(`tollgate: ${request.method} ${request.routeOptions.url} failed`, error);
  return sendProblem(reply, { status: 500, detail: "the collector failed; its log says why" });
}
