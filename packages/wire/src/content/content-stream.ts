import { createDraft, draftFacts, type AnswerDraft } from "../answer/draft.ts";
import type { StreamReader } from "../api.ts";
import { createFrameStreamReader } from "../event-stream/frame-stream-reader.ts";
import { parseObject } from "../json/read.ts";
import { createEventStreamReader, type EventCodec } from "../sse/stream-reader.ts";
import { createJsonStreamReader } from "../stream/json-stream-reader.ts";
import { answerMessages, createAnswerContent, type AnswerContent } from "./answer-content.ts";
import type { ContentApi, ContentStream, ContentStreamOptions } from "./content-api.ts";
import type { ContentMessage } from "./message.ts";

interface ContentState {
  readonly draft: AnswerDraft;
  readonly content: AnswerContent;
}

/** Reads what a stream says with the readers that count it, but every event of it. */
export function createContentStream(
  api: ContentApi,
  { limitChars, source }: ContentStreamOptions,
): ContentStream {
  let messages: readonly ContentMessage[] = [];
  const tell = (content: AnswerContent): void => {
    messages = answerMessages(content);
  };
  const reader =
    framingOf(api, source?.header("content-type")) === "aws"
      ? frames(api, limitChars, tell)
      : events(api, limitChars, tell, source?.header("content-type"));
  return {
    write: (chunk) => reader.write(chunk),
    end() {
      reader.end();
      return messages;
    },
  };
}

/** Google sends the same stream as events or as one JSON array. */
function framingOf(
  { framing }: ContentApi,
  contentType: string | undefined,
): ContentApi["framing"] {
  return framing === "json" && contentType?.includes("event-stream") === true ? "events" : framing;
}

function events(
  api: ContentApi,
  limitChars: number,
  tell: (content: AnswerContent) => void,
  contentType: string | undefined,
): StreamReader {
  const codec: EventCodec<ContentState> = {
    createState: () => ({ draft: createDraft(), content: createAnswerContent(limitChars) }),
    skippedEvents: new Set(),
    // Asked only of events that count text, which none does here: each one is read.
    compileTemplate: () => ({ match: () => -1, matchedChars: () => 0 }),
    readEvent: ({ content }, event, name) => api.readEvent(content, event, name),
    facts({ draft, content }) {
      tell(content);
      return draftFacts(draft);
    },
  };
  return framingOf(api, contentType) === "json"
    ? createJsonStreamReader(codec)
    : createEventStreamReader(codec);
}

function frames(
  api: ContentApi,
  limitChars: number,
  tell: (content: AnswerContent) => void,
): StreamReader {
  const content = createAnswerContent(limitChars);
  const decoder = new TextDecoder();
  return createFrameStreamReader({
    readEvent(type, payload) {
      const event = parseObject(decoder.decode(payload));
      if (event !== undefined) api.readEvent(content, event, type);
    },
    readError: () => {},
    facts() {
      tell(content);
      return draftFacts(createDraft());
    },
  });
}
