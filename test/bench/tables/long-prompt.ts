import { cannedChat } from "../canned/answers.ts";
import { CHAT_REQUEST } from "../canned/requests.ts";
import { compareLanes } from "../compare-lanes.ts";
import { inspectLanes } from "../lanes/inspect.ts";
import { NOISE, none, TOLLGATE, tollgate, UNINSTRUMENTED } from "../lanes/instrumented.ts";
import { openAiLanes } from "../lanes/openai-lanes.ts";
import type { Table, Target } from "../table.ts";

const BYTES = 1_000_000;

/** What a prompt is made of matters: how strings are kept, and how much of them is escaped. */
const TEXTS: readonly (readonly [group: string, text: string])[] = [
  ["1 MB of English", "The quick brown fox jumps over the lazy dog. "],
  ["1 MB of code", 'if (name === "fox") {\n  return "jumps\\n";\n}\n'],
  ["1 MB of Chinese", "敏捷的棕色狐狸跳过了那只懒狗。"],
];

const ofLength = (text: string): string => text.repeat(Math.floor(BYTES / Buffer.byteLength(text)));

export const longPrompt: Table = compareLanes({
  name: "long-prompt",
  title: "chat with a long prompt",
  per: "call",
  runsPerRound: 6,
  lanes: () =>
    TEXTS.flatMap(([group, text]) => {
      const messages = [{ role: "user" as const, content: ofLength(text) }];
      return openAiLanes([none(UNINSTRUMENTED), none(NOISE), tollgate(TOLLGATE)], {
        group,
        fetch: cannedChat,
        work: (client) => client.chat.completions.create({ ...CHAT_REQUEST, messages }),
      });
    }),
  inspect: inspectLanes,
  targets: TEXTS.map(([group]): Target => {
    return { what: group, group, row: TOLLGATE, column: "added", atMost: 300, unit: "µs" };
  }),
});
