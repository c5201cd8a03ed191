import type {
  AnswerSource,
  ContentMessage,
  ContentReader,
  ContentStream,
  StreamReader,
  WireApi,
} from "@tollgate/wire";
import { discreetly } from "./discreetly.ts";

/**
 * An API that reads answers as it does, and tells what they say. Trouble with content is no trouble for the
 * metering.
 */
export function watchApi(
  api: WireApi,
  reader: ContentReader,
  limitChars: number,
  tell: (messages: readonly ContentMessage[]) => void,
): WireApi {
  const say = (read: () => readonly ContentMessage[]): void => {
    const messages = discreetly("reading an answer's content", read);
    if (messages !== undefined) tell(messages);
  };
  return {
    ...api,
    readJson(value, source) {
      say(() => reader.readAnswer(value));
      return api.readJson(value, source);
    },
    createStreamReader(source) {
      return watchReader(
        api.createStreamReader(source),
        openStream(reader, limitChars, source),
        say,
      );
    },
  };
}

function openStream(
  reader: ContentReader,
  limitChars: number,
  source: AnswerSource | undefined,
): ContentStream | undefined {
  return discreetly("reading an answer's content", () =>
    reader.createStream({ limitChars, source }),
  );
}

function watchReader(
  facts: StreamReader,
  content: ContentStream | undefined,
  say: (read: () => readonly ContentMessage[]) => void,
): StreamReader {
  let stream = content;
  return {
    write(chunk) {
      facts.write(chunk);
      const open = stream;
      if (open === undefined) return;
      stream = discreetly("reading an answer's content", () => {
        open.write(chunk);
        return open;
      });
    },
    end() {
      const open = stream;
      if (open !== undefined) say(() => open.end());
      return facts.end();
    },
    soFar: () => facts.end(),
  };
}
