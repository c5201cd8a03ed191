/** What a caller did wrong, told by its own code whatever it asked by. */
export type RequestErrorCode = "invalid" | "forbidden" | "not_found" | "conflict" | "unavailable";

/** Ends a request with words that the caller is to read. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: RequestErrorCode;

  constructor(code: RequestErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
