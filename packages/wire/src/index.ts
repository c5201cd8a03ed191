export type { AnswerSource, MatchedCall, StreamReader, WireApi } from "./api.ts";
export { matchCall } from "./match.ts";
export { refusalResponse } from "./refusal-response.ts";
export type { RefusalResponse } from "./refusal-response.ts";
