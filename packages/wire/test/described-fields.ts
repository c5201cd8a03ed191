import type { ApiDescription, AnswerFact, AnswerFields, StreamPart } from "../src/providers.ts";

export type Json = { [key: string]: unknown };

/** A field of a description, with all facts that it is documented for. */
export interface Field {
  readonly path: string;
  readonly facts: readonly AnswerFact[];
  /** It says a fact alone; others only add to a count or divide it. */
  readonly isFirst: boolean;
}

const TEXTS: readonly AnswerFact[] = [
  "model",
  "billedModel",
  "id",
  "finishReasons",
  "toolCalls",
  "serviceTier",
  "speed",
  "region",
];
const COUNTS: readonly AnswerFact[] = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "imageInputTokens",
  "videoInputTokens",
  "toolUseInputTokens",
  "imageOutputTokens",
  "audioSeconds",
  "webSearchRequests",
  "fileSearchRequests",
  "searchUnits",
];
const FACTS: readonly AnswerFact[] = [...TEXTS, ...COUNTS];
const TEXT_FACTS: ReadonlySet<string> = new Set(TEXTS);

export function isText(fact: string): boolean {
  return TEXT_FACTS.has(fact);
}

/** The alternatives of a fact, each as the paths that are added up; constants are none. */
export function alternativesOf(fields: AnswerFields, said: string): readonly (readonly string[])[] {
  return said
    .split(" | ")
    .flatMap((sum) => {
      const terms = sum.split(" + ").filter((term) => term !== "" && !/^\d+$/.test(term));
      return terms.reduce<readonly (readonly string[])[]>(
        (sums, term) =>
          meaningsOf(fields, term).flatMap((more) => sums.map((each) => [...each, ...more])),
        [[]],
      );
    })
    .filter((sum) => sum.length > 0);
}

/** What a term stands for: a path for itself, another count for each of its alternatives. */
function meaningsOf(fields: AnswerFields, term: string): readonly (readonly string[])[] {
  const said = countNamed(fields, term);
  return said === undefined ? [[term]] : alternativesOf(fields, said);
}

function countNamed(fields: AnswerFields, term: string): string | undefined {
  return isText(term) ? undefined : entriesOf(fields).find(([fact]) => fact === term)?.[1];
}

/** What a description says of one kind of event, as paths in that event. */
export function partFields({ answer = {} }: ApiDescription, part: StreamPart): AnswerFields {
  const { answerAt, countsOnly = false, fields = {} } = part;
  if (answerAt === undefined) return fields;
  const prefix = answerAt === "" ? "" : `${answerAt}.`;
  const below = Object.entries(answer)
    .filter(([fact]) => !countsOnly || !isText(fact))
    .map(
      ([fact, said]) =>
        [
          fact,
          said.replaceAll(/[^ |+]+/g, (term) => (isOwnPath(answer, term) ? prefix + term : term)),
        ] as const,
    );
  return { ...Object.fromEntries(below), ...fields };
}

function isOwnPath(fields: AnswerFields, term: string): boolean {
  return !/^\d+$/.test(term) && countNamed(fields, term) === undefined;
}

export function fieldsOf(fields: AnswerFields): readonly Field[] {
  const paths = new Map<string, { facts: Set<AnswerFact>; isFirst: boolean }>();
  for (const [fact, said] of entriesOf(fields)) {
    for (const sum of alternativesOf(fields, said)) {
      for (const [position, path] of sum.entries()) {
        const field = paths.get(path) ?? { facts: new Set(), isFirst: false };
        field.facts.add(fact);
        if (position === 0 && standsAlone(fact)) field.isFirst = true;
        paths.set(path, field);
      }
    }
  }
  return [...paths].map(([path, { facts, isFirst }]) => ({ path, facts: [...facts], isFirst }));
}

function standsAlone(fact: AnswerFact): boolean {
  return isText(fact) || ["inputTokens", "outputTokens", "audioSeconds"].includes(fact);
}

export function entriesOf(fields: AnswerFields): readonly (readonly [AnswerFact, string])[] {
  return FACTS.flatMap((fact) => {
    const said = fields[fact];
    return said === undefined ? [] : [[fact, said] as const];
  });
}

/** What a field without which the others say nothing is: the first that counts input. */
export function baseOf(fields: AnswerFields): string | undefined {
  return alternativesOf(fields, fields.inputTokens ?? "")[0]?.[0];
}

/** Writes a value where a path says; a number at `list.length` becomes a list of so many. */
export function place(into: Json, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  const { key, condition } = segmentOf(first);
  if (rest.length === 0) into[key] = value;
  else if (rest[0] === "length") into[key] = listOf(Number(value), condition);
  else
    place(
      condition === undefined ? memberOf(into, key) : elementOf(into, key, condition),
      rest.join("."),
      value,
    );
}

type Condition = readonly [key: string, value: string] | readonly [];

function segmentOf(segment: string): { key: string; condition: Condition | undefined } {
  const found = /^(.*)\[(?:(\w+)=(\w+))?\]$/.exec(segment);
  if (!found) return { key: segment, condition: undefined };
  const [, key = "", name, value] = found;
  return { key, condition: name === undefined || value === undefined ? [] : [name, value] };
}

function listOf(count: number, condition: Condition | undefined): readonly unknown[] {
  return Array.from({ length: count }, (_, index) =>
    condition === undefined ? `text ${index}` : withCondition(condition),
  );
}

function withCondition([key, value]: Condition): Json {
  return key === undefined ? {} : { [key]: value };
}

function memberOf(into: Json, key: string): Json {
  const member = isJson(into[key]) ? into[key] : {};
  into[key] = member;
  return member;
}

function elementOf(into: Json, key: string, condition: Condition): Json {
  const list: unknown[] = Array.isArray(into[key]) ? into[key] : [];
  into[key] = list;
  const [name, value] = condition;
  const known = list.filter(isJson).find((each) => name === undefined || each[name] === value);
  if (known !== undefined) return known;
  const added = withCondition(condition);
  list.push(added);
  return added;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
