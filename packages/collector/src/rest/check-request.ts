import { describeIssues, whatToWrite } from "@tollgate/config";
import type { FastifySchemaCompiler } from "fastify";
import type * as z from "zod";
import { RequestError } from "../usage/request-error.ts";

/** Checks a part of a request; what is wrong is told by its key, with what to write instead. */
export const checkRequest: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = "body" }) =>
  (data) => {
    if (httpPart === "body" && (typeof data !== "object" || data === null)) {
      const message = "body: write JSON, with content-type: application/json";
      return { error: new RequestError("invalid", message) };
    }
    const parsed = schema.safeParse(data, { error: inWords });
    if (parsed.success) return { value: parsed.data };
    const issues = describeIssues(parsed.error.issues, schema, data).map(({ path, message }) => ({
      path: path.join("."),
      message,
    }));
    const [first] = issues;
    const where = first === undefined || first.path === "" ? httpPart : first.path;
    return { error: new RequestError("invalid", `${where}: ${first?.message}`, issues) };
  };

const inWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "too_small" && issue.origin !== "number" && issue.origin !== "int") {
    return issue.origin === "string"
      ? `write at least ${issue.minimum} characters`
      : `write at least ${issue.minimum} of them`;
  }
  if (issue.code === "too_big" && issue.origin !== "number" && issue.origin !== "int") {
    return issue.origin === "string"
      ? `write at most ${issue.maximum} characters`
      : `write at most ${issue.maximum} of them`;
  }
  if (issue.code === "invalid_format" && issue.format === "datetime") {
    return "write a time with an offset, such as 2026-01-31T12:00:00Z";
  }
  return whatToWrite(issue);
};
