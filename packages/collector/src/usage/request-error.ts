/** What a caller did wrong, told by its own code whatever it asked by. */
export type RequestErrorCode = "invalid" | "forbidden" | "not_found" | "conflict" | "unavailable";

/** A key of a request that is wrong, and why. */
export interface RequestIssue {
  /** Such as `1.tokens_in`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Ends a request with words that the caller is to read. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: RequestErrorCode;
  readonly issues: readonly RequestIssue[] | undefined;

  constructor(code: RequestErrorCode, message: string, issues?: readonly RequestIssue[]) {
    super(message);
    this.code = code;
    this.issues = issues;
  }
}
