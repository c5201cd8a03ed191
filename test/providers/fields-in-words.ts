import type { AnswerFields } from "@tollgate/wire/providers";

/** Facts that are no counts, in the words of the page. */
const TEXT_FACTS: Readonly<Record<string, string>> = {
  model: "model",
  billedModel: "model that is billed instead",
  id: "id",
  finishReasons: "finish reasons",
  toolCalls: "tool calls",
  serviceTier: "service tier",
  speed: "speed",
  region: "place",
};

/** The counts of some fields: their name, where they stand, and the same in Markdown. */
export function countsIn(
  fields: AnswerFields,
): readonly (readonly [fact: string, said: string, shown: string])[] {
  return Object.entries(fields)
    .filter(([fact]) => !(fact in TEXT_FACTS))
    .map(([fact, said]) => [fact, said, inMarkdown(said, fields)] as const);
}

export function inWords(fact: string): string {
  return TEXT_FACTS[fact] ?? fact;
}

/** Counts that all stand below one member, without it; other fields as they are. */
export function belowMember(fields: AnswerFields): {
  readonly fields: AnswerFields;
  readonly member?: string;
} {
  const counts = Object.fromEntries(countsIn(fields).map(([fact, said]) => [fact, said]));
  const paths = Object.values(counts)
    .flatMap((said) => said.split(/ [|+] /))
    .filter((term) => !isWord(term, fields));
  const [member = ""] = paths[0]?.split(".") ?? [];
  const isBelow = paths.length > 1 && paths.every((path) => path.startsWith(`${member}.`));
  if (!isBelow || member.includes("[")) return { fields };
  const shorter = Object.entries(counts).map(
    ([fact, said]) => [fact, said.replaceAll(`${member}.`, "")] as const,
  );
  return { fields: Object.fromEntries(shorter), member };
}

/** "model `model`, finish reasons `stop_reason`". */
export function textFacts(fields: AnswerFields): string {
  return Object.entries(fields)
    .flatMap(([fact, said]) => {
      const name = TEXT_FACTS[fact];
      return name === undefined || said === "" ? [] : [`${name} ${inMarkdown(said, fields)}`];
    })
    .join(", ");
}

/** Paths are code; numbers and names of other counts are words. */
function inMarkdown(said: string, fields: AnswerFields): string {
  return said
    .split(" | ")
    .map((sum) =>
      sum
        .split(" + ")
        .map((term) => (isWord(term, fields) ? term : `\`${term}\``))
        .join(" + "),
    )
    .join(" or ");
}

function isWord(term: string, fields: AnswerFields): boolean {
  return /^\d*$/.test(term) || (term in fields && !(term in TEXT_FACTS));
}
