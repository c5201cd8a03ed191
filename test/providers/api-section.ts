import type { AnswerFields, ApiDescription, StreamPart, WireApi } from "@tollgate/wire/providers";
import { formatTable } from "../markdown-table.ts";
import { belowMember, countsIn, inWords, textFacts } from "./fields-in-words.ts";
import { bullet } from "../wrap.ts";

/** APIs whose answers are read alike. */
export interface ApiGroup {
  readonly apis: readonly WireApi[];
  readonly about: ApiDescription;
}

/** In the order of the APIs; those that are described alike are one group. */
export function groupApis(apis: readonly WireApi[]): readonly ApiGroup[] {
  const groups = new Map<string, WireApi[]>();
  for (const api of apis) {
    const key = JSON.stringify({ ...api.about, reference: undefined });
    groups.set(key, [...(groups.get(key) ?? []), api]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ apis: members, about: first.about }];
  });
}

export function idsOf({ apis }: ApiGroup): readonly string[] {
  return [...new Set(apis.map(({ id }) => id))];
}

/** One section of the page. */
export function apiSection(group: ApiGroup): readonly string[] {
  const { apis, about } = group;
  const ids = idsOf(group);
  const paths = [...new Set(apis.flatMap(({ pathEnds }) => pathEnds))].map((end) => `\`…${end}\``);
  const references = [...new Set(apis.map((api) => api.about.reference))];
  const links = references.map((url) => `[${new URL(url).hostname}](${url})`);
  return [
    `### ${ids.map((id) => `\`${id}\``).join(", ")}`,
    "",
    ...bullet(`${paths.join(", ")}; ${links.join(", ")}`),
    ...forms(about).flatMap((form) => bullet(form)),
    ...outputCaps(apis).flatMap((form) => bullet(form)),
    ...(about.notes ?? []).flatMap((note) => bullet(note)),
    "",
    ...countTable(about),
  ];
}

/** Everything that is not a count, in sentences. */
function forms(about: ApiDescription): readonly string[] {
  const { answer = {}, stream = [], like = [] } = about;
  const said = textFacts(answer);
  return [
    ...(said === "" ? [] : [`Answer: ${said}.`]),
    ...(like.length === 0 ? [] : [`Answer, or like that of ${like.map(code).join(", ")}.`]),
    ...streamForms(stream),
  ];
}

/** Where a budget that clips puts its cap. */
function outputCaps(apis: readonly WireApi[]): readonly string[] {
  const members = apis.flatMap(({ outputCap }) => outputCap?.members ?? []);
  if (members.length === 0) return [];
  return [`A cap on the output: ${[...new Set(members)].map(code).join(", ")}.`];
}

function streamForms(stream: readonly StreamPart[]): readonly string[] {
  const bySaying = new Map<string, string[]>();
  for (const part of stream) {
    const saying = partInWords(part);
    const events = bySaying.get(saying) ?? [];
    bySaying.set(saying, [...events, part.event === undefined ? "each part" : code(part.event)]);
  }
  return [...bySaying].map(
    ([saying, events]) => `Stream, ${[...new Set(events)].join(", ")}: ${saying}.`,
  );
}

function partInWords({ answerAt, countsOnly = false, fields = {} }: StreamPart): string {
  const counts = countsIn(fields).filter(([, from]) => from !== "");
  const silent = Object.keys(fields).filter((fact) =>
    Object.entries(fields).some(([key, from]) => key === fact && from === ""),
  );
  const what = countsOnly ? "the counts" : "what an answer says";
  return [
    ...(answerAt === undefined
      ? []
      : [answerAt === "" ? what : `${what}, below ${code(answerAt)}`]),
    ...(silent.length === 0 ? [] : [`but not ${silent.map(inWords).join(", ")}`]),
    ...(textFacts(fields) === "" ? [] : [textFacts(fields)]),
    ...(counts.length === 0 ? [] : ["the counts"]),
  ].join(", ");
}

/** What an answer counts, else what its stream does; headers and metrics in a column of their own. */
function countTable({ answer, stream = [], headers }: ApiDescription): readonly string[] {
  const inStream = stream.find(({ fields }) => fields?.inputTokens !== undefined)?.fields;
  const columns = [
    ...(answer === undefined ? [] : [{ from: "answer", fields: answer }]),
    ...(inStream === undefined || isSame(inStream, answer)
      ? []
      : [{ from: "stream", fields: inStream }]),
    ...(headers === undefined ? [] : [{ from: "headers", fields: headers }]),
  ];
  const facts = new Set(
    columns.flatMap(({ fields }) =>
      countsIn(fields).flatMap(([fact, said]) => (said === "" ? [] : [fact])),
    ),
  );
  if (facts.size === 0) return [];
  const shortened = columns.map(({ from, fields }) => ({ from, ...belowMember(fields) }));
  const rows = [...facts].map((fact) => [
    fact,
    ...shortened.map(({ fields }) => countsIn(fields).find(([each]) => each === fact)?.[2] ?? ""),
  ]);
  const heads = shortened.map(({ from, member }) =>
    member === undefined ? from : `${from}, below ${code(member)}`,
  );
  return [...formatTable(["count", ...heads], rows), ""];
}

function isSame(a: AnswerFields, b: AnswerFields | undefined): boolean {
  return countsIn(a).every(([fact, said]) =>
    countsIn(b ?? {}).some(([other, from]) => other === fact && from === said),
  );
}

function code(text: string): string {
  return `\`${text}\``;
}
