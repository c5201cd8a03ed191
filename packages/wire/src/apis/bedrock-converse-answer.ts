import { readUsage } from "../answer/count.ts";
import {
  noteFinish,
  noteText,
  noteToolCall,
  noteUsage,
  type AnswerDraft,
} from "../answer/draft.ts";
import {
  isJsonObject,
  readLabel,
  readList,
  readObject,
  textLength,
  type JsonObject,
} from "../json/read.ts";
import { converseUsage } from "./bedrock-counts.ts";
import { modelOfArn } from "./bedrock-path.ts";

/** Reads a whole answer of Converse. Nova's own body is the same. */
export function readConverseAnswer(draft: AnswerDraft, answer: JsonObject): void {
  const message = readObject(readObject(answer, "output"), "message");
  for (const block of readList(message, "content")) {
    if (!isJsonObject(block)) continue;
    readToolUse(draft, readObject(block, "toolUse"));
    draft.outputChars += blockLength(block);
  }
  noteFinish(draft, 0, readLabel(answer, "stopReason"));
  readMetadata(draft, answer);
}

/** Reads one event of a stream. @returns whether the type is known. */
export function readConverseEvent(draft: AnswerDraft, type: string, event: JsonObject): boolean {
  switch (type) {
    case "messageStart":
    case "contentBlockStop":
      return true;
    case "contentBlockStart":
      readToolUse(draft, readObject(readObject(event, "start"), "toolUse"));
      return true;
    case "contentBlockDelta":
      draft.outputChars += blockLength(readObject(event, "delta"));
      return true;
    case "messageStop":
      noteFinish(draft, 0, readLabel(event, "stopReason"));
      return true;
    case "metadata":
      readMetadata(draft, event);
      return true;
    default:
      return false;
  }
}

/** Counts come last, after the reason; a stream that lacks either was cut. */
export function converseComplete(draft: AnswerDraft): boolean {
  return draft.usage !== undefined && draft.finishReasons.size > 0;
}

function readMetadata(draft: AnswerDraft, from: JsonObject): void {
  noteUsage(draft, converseUsage(readUsage(from, draft), draft));
  noteText(draft, "serviceTier", readLabel(readObject(from, "serviceTier"), "type"));
  // A prompt router answers with a model of its choice.
  const router = readObject(readObject(from, "trace"), "promptRouter");
  const routed = readLabel(router, "invokedModelId");
  if (routed !== undefined) noteText(draft, "model", modelOfArn(routed));
}

/** Some tools run at Amazon; their calls are not for the app. */
function readToolUse(draft: AnswerDraft, toolUse: JsonObject | undefined): void {
  if (toolUse?.["type"] === "server_tool_use") return;
  noteToolCall(draft, readLabel(toolUse, "name"));
}

function blockLength(block: JsonObject | undefined): number {
  const reasoning = readObject(block, "reasoningContent");
  return (
    textLength(block, "text") +
    textLength(reasoning, "text") +
    textLength(readObject(reasoning, "reasoningText"), "text") +
    inputLength(readObject(block, "toolUse"))
  );
}

/** An object in a whole answer, a part of its JSON text in a stream. */
function inputLength(toolUse: JsonObject | undefined): number {
  const input = readObject(toolUse, "input");
  return input === undefined ? textLength(toolUse, "input") : JSON.stringify(input).length;
}
