import type { ResponseFacts } from "@tollgate/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";
import {
  KNOWN_APIS,
  KNOWN_VENDORS,
  type AnswerFields,
  type StreamPart,
  type WireApi,
} from "../src/providers.ts";
import {
  alternativesOf,
  baseOf,
  entriesOf,
  fieldsOf,
  isText,
  partFields,
  place,
  type Field,
  type Json,
} from "./described-fields.ts";
import { answerTemplate, encodeStream, streamTemplate } from "./description-templates.ts";
import * as provided from "./provider-samples.ts";
import * as wired from "./wire-samples.ts";
import { from, readStream } from "./wire-samples.ts";

const BASE_COUNT = 1000;
const ADDED_COUNT = 3;

type Write = readonly [path: string, value: unknown];
type Read = (writes: readonly Write[]) => ResponseFacts;

/** One way in which an API answers, with what is documented for it. */
interface Form {
  readonly name: string;
  readonly fields: AnswerFields;
  readonly read: Read;
}

function formsOf(api: WireApi): readonly Form[] {
  const { answer, headers, stream = [], like = [] } = api.about;
  return [
    ...(answer ? [{ name: "whole answer", fields: answer, read: asAnswer(api, api.id) }] : []),
    ...(headers ? [{ name: "headers", fields: headers, read: asHeaders(api) }] : []),
    ...stream.map((part) => ({
      name: `stream ${part.event ?? ""} ${part.answerAt ?? ""}`,
      fields: partFields(api.about, part),
      read: asStream(api, part),
    })),
    ...like.map((id) => ({
      name: `answer like ${id}`,
      fields: KNOWN_APIS.find((each) => each.id === id)?.about.answer ?? {},
      read: asAnswer(api, id),
    })),
  ];
}

function asAnswer(api: WireApi, templateId: string): Read {
  return (writes) => {
    const answer = answerTemplate(templateId);
    for (const [path, value] of writes) place(answer, path, value);
    return api.readJson(answer);
  };
}

function asHeaders(api: WireApi): Read {
  return (writes) => {
    const headers = Object.fromEntries(writes.map(([name, value]) => [name, String(value)]));
    return api.readJson(answerTemplate(api.id), from("test", headers));
  };
}

/** What an event lacks of the counts that it needs beside it, the first event that has them says. */
function asStream(api: WireApi, part: StreamPart): Read {
  const parts = api.about.stream ?? [];
  const counting = [part, ...parts].find(
    (each) => baseOf(partFields(api.about, each)) !== undefined,
  );
  const base = counting && baseOf(partFields(api.about, counting));
  return (writes) => {
    const events = streamTemplate(api.id, parts);
    for (const [path, value] of writes) {
      const into = path === base ? counting : part;
      place(events.get(into?.event ?? "") ?? {}, path, value);
    }
    return readStream(api, encodeStream(api.id, events));
  };
}

function baseWrites({ fields }: Form, { isFirst }: Field, api: WireApi): readonly Write[] {
  const somewhere = (api.about.stream ?? []).map((part) => baseOf(partFields(api.about, part)));
  const base = baseOf(fields) ?? somewhere.find((path) => path !== undefined);
  return isFirst || base === undefined ? [] : [[base, BASE_COUNT]];
}

/** Everything that a description may speak of, flat. */
function flat({ usage, ...facts }: ResponseFacts): Json {
  const { model, id, billedModel, finishReasons, toolCalls } = facts;
  const { serviceTier, speed, region } = facts;
  return {
    model,
    id,
    billedModel,
    finishReasons,
    toolCalls,
    serviceTier,
    speed,
    region,
    ...usage,
  };
}

function increase(before: Json, after: Json, fact: string): unknown {
  if (!isText(fact)) return Number(after[fact] ?? 0) - Number(before[fact] ?? 0);
  const [was, is] = [before[fact], after[fact]];
  if (JSON.stringify(was) === JSON.stringify(is)) return 0;
  return Array.isArray(is) ? is.join() : is;
}

const described = KNOWN_APIS.map((api, position) => ({ name: `${api.id} (${position})`, api }));

describe.each(described)("the description of $name", ({ api }) => {
  const forms = formsOf(api);

  it("names fields that say exactly what it says they do, each by itself", () => {
    for (const form of forms) {
      for (const field of fieldsOf(form.fields)) {
        const value = field.facts.some(isText) ? "some-name" : ADDED_COUNT;
        const base = baseWrites(form, field, api);
        const before = flat(form.read(base));
        const after = flat(form.read([...base, [field.path, value]]));
        const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
          .map((fact) => [fact, increase(before, after, fact)] as const)
          .filter(([, by]) => by !== 0);
        const expected = field.facts.map((fact) => [fact, value] as const);
        expect(Object.fromEntries(changed), `${form.name}: ${field.path}`).toEqual(
          Object.fromEntries(expected),
        );
      }
    }
  });

  it("names the alternative first that counts where there are several", () => {
    for (const form of forms) {
      for (const [fact, said] of entriesOf(form.fields)) {
        const alternatives = alternativesOf(form.fields, said);
        if (isText(fact) || alternatives.length < 2) continue;
        const all = [...new Set(alternatives.flat())];
        const writes = all.map((path, position): Write => [path, 10 ** position]);
        const base = baseOf(form.fields);
        const needed: readonly Write[] =
          base === undefined || all.includes(base) || fact === "audioSeconds" ? [] : [[base, 5]];
        const [first = []] = alternatives;
        const sum = first.reduce((total, path) => total + 10 ** all.indexOf(path), 0);
        expect(flat(form.read([...needed, ...writes]))[fact], `${form.name}: ${fact}`).toBe(sum);
      }
    }
  });

  it("has every count that the codec reads, whatever the answer", () => {
    const answers = forms.filter(({ name }) => name.startsWith("whole") || name.includes("like"));
    const known = new Set(answers.flatMap(({ fields }) => Object.keys(fields)));
    const paths = KNOWN_APIS.flatMap(({ about }) => fieldsOf(about.answer ?? {}));
    const written = fc.uniqueArray(fc.constantFrom(...paths.map(({ path }) => path)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(written, (chosen) => {
        for (const { read } of answers) {
          const { usage = {} } = read(chosen.map((path) => [path, ADDED_COUNT]));
          const counted = Object.entries(usage).filter(([, count]) => count !== undefined);
          expect([...known]).toEqual(expect.arrayContaining(counted.map(([fact]) => fact)));
        }
      }),
    );
  });

  it("has a reference, and something to say", () => {
    expect(api.about.reference).toMatch(/^https:\/\//);
    expect(forms.length + (api.about.notes?.length ?? 0)).toBeGreaterThan(0);
  });
});

const SAMPLES: readonly (readonly [api: WireApi, stream: string])[] = [
  [wired.chat, wired.CHAT_STREAM],
  [wired.responses, wired.RESPONSES_STREAM],
  [wired.messages, wired.MESSAGES_STREAM],
  [wired.completions, wired.COMPLETIONS_STREAM],
  [wired.images, wired.IMAGES_STREAM],
  [wired.speech, wired.SPEECH_STREAM],
  [wired.transcriptions, wired.TRANSCRIPT_STREAM],
  [provided.geminiStream, provided.GEMINI_STREAM],
  [provided.interactions, provided.INTERACTION_STREAM],
  [provided.cohereChat, provided.COHERE_STREAM],
  [provided.cohereChatV1, provided.COHERE_LINES],
  [provided.ollamaChat, provided.OLLAMA_LINES],
];

it.each(SAMPLES)("every count of a sample stream is documented: %#", (api, stream) => {
  const { usage = {} } = readStream(api, stream);
  const documented = (api.about.stream ?? []).flatMap((part) =>
    Object.keys(partFields(api.about, part)),
  );
  expect(Object.values(usage).length).toBeGreaterThan(0);
  const counted = Object.entries(usage).filter(([, count]) => count !== undefined);
  expect(documented).toEqual(expect.arrayContaining(counted.map(([fact]) => fact)));
});

const API_IDS: readonly string[] = [...new Set(KNOWN_APIS.map(({ id }) => id))];

/** Paths that more belongs to than their end. */
const PREFIXES = [
  "",
  "/v1",
  "/v1beta/models/gemini-embedding",
  "/v1/projects/p/locations/l/publishers/anthropic/models/text-embedding",
  "/model/cohere.embed",
  "/model/anthropic.claude",
  "/ml/v1",
];

function idsOf(name: string): readonly string[] {
  return name.endsWith("*") ? API_IDS.filter((id) => id.startsWith(name.slice(0, -1))) : [name];
}

describe.each(KNOWN_VENDORS)("$name", ({ provider, hosts, apis, costField }) => {
  it("is known by all of its hosts, and by each API it speaks", () => {
    const ends = KNOWN_APIS.flatMap(({ pathEnds }) => pathEnds);
    const paths = PREFIXES.flatMap((prefix) => ends.map((end) => `${prefix}${end}`));
    const met = hosts.map((host) => {
      const name = host.replace(/^\*/, "mine").replace("{region}", "eu-west-1");
      const calls = paths.flatMap((path) => matchCall("POST", `https://${name}${path}`) ?? []);
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) expect(call).toMatchObject({ provider, hostKnown: true });
      return calls.map(({ api }) => api.id);
    });
    expect(met.flat()).toEqual(expect.arrayContaining(apis.flatMap(idsOf)));
    expect(apis.every((name) => idsOf(name).length > 0)).toBe(true);
  });

  it("has its stated cost where it is said to have it, if anywhere", () => {
    if (costField === undefined) return;
    const answer: Json = { choices: [] };
    place(answer, costField, 2);
    const { providerCostNanoUsd } = wired.chat.readJson(answer, from(provider));
    expect(providerCostNanoUsd).toBeGreaterThan(0);
    expect(wired.chat.readJson(answer, from("test")).providerCostNanoUsd).toBeUndefined();
  });
});
