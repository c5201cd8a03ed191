export type { AnswerSource, MatchedCall, StreamReader, WireApi } from "./api.ts";
export { contentReader } from "./content/content-reader.ts";
export type { ContentReader } from "./content/content-reader.ts";
export type { ContentStream, ContentStreamOptions } from "./content/content-api.ts";
export { fitContent } from "./content/fit-content.ts";
export type { FittedContent } from "./content/fit-content.ts";
export type {
  BlobPart,
  ContentMessage,
  ContentPart,
  FilePart,
  RequestContent,
  ServerToolCallPart,
  TextPart,
  ToolCallPart,
  ToolCallResponsePart,
  ToolDefinition,
  ToolDefinitionPart,
  UnreadPart,
  UriPart,
} from "./content/message.ts";
export type { Endpoint } from "./endpoint.ts";
export { createFetchedReader } from "./fetched/create-fetched-reader.ts";
export { isFetchedLater, resultKey } from "./fetched/fetched.ts";
export type {
  FetchedBatch,
  FetchedKind,
  FetchedListener,
  FetchedReader,
  FetchedResult,
  MatchedFetch,
} from "./fetched/fetched.ts";
export { matchFetched } from "./fetched/match-fetched.ts";
export { API_IDS, matchCall } from "./match.ts";
export { matchRealtime } from "./realtime/match-realtime.ts";
export type { MatchedRealtime } from "./realtime/match-realtime.ts";
export { openAiRealtimeTranscription } from "./realtime/openai-realtime.ts";
export { answerChars, createRealtimeSession } from "./realtime/session.ts";
export type { AnswerPiece, RealtimeSession, ResponseAsk } from "./realtime/session.ts";
export { capOutput, leastOutputTokens } from "./output-cap/cap-output.ts";
export type { OutputCap } from "./output-cap/output-cap.ts";
export { outputCapOf } from "./output-cap/output-cap-of.ts";
export { refusalResponse } from "./refusal-response.ts";
export type { RefusalResponse } from "./refusal-response.ts";
export { injectUsageOption } from "./usage-option/inject-usage-option.ts";
export { needsUsageOption } from "./usage-option/needs-usage-option.ts";
export { createUsageChunkFilter } from "./usage-option/usage-chunk-filter.ts";
export type { UsageChunkFilter } from "./usage-option/usage-chunk-filter.ts";
