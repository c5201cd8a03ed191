import { describe, expect, it } from "vitest";
import {
  completions,
  COMPLETIONS_STREAM,
  dataEvents,
  readStream,
  textChunk,
} from "./wire-samples.ts";

const ANSWER = {
  id: "cmpl-9",
  model: "gpt-3.5-turbo-instruct",
  choices: [{ text: "Hello", index: 0, finish_reason: "stop" }],
  usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 },
};
const REQUEST = { model: "gpt-3.5-turbo-instruct", prompt: "Say hello" };
const doubleChunk = (text: string): object => ({
  choices: [{ index: 0, text, delta: { token_id: text.length, content: text } }],
});
const request = (more: object): ReturnType<typeof completions.readRequest> =>
  completions.readRequest(JSON.stringify({ ...REQUEST, ...more }));

describe("a completion", () => {
  it("says its model, id, end, text and usage", () => {
    expect(completions.readJson(ANSWER)).toMatchObject({
      model: "gpt-3.5-turbo-instruct",
      id: "cmpl-9",
      finishReasons: ["stop"],
      usage: { inputTokens: 4, outputTokens: 1 },
      outputChars: 5,
      complete: true,
      problems: [],
    });
  });

  it("may leave out why it ended and what it used", () => {
    expect(completions.readJson({ choices: [{ text: "Hi" }] })).toMatchObject({
      finishReasons: [],
      usage: undefined,
      outputChars: 2,
      problems: [],
    });
  });

  it("notes a JSON object that is something else", () => {
    expect(completions.readJson({ message: "no" }).problems).toHaveLength(1);
  });
});

describe("a streamed completion", () => {
  it("adds its text up and takes usage from the chunk without choices", () => {
    expect(readStream(completions, COMPLETIONS_STREAM)).toMatchObject({
      model: "davinci:2023-07-21-v2",
      finishReasons: ["length"],
      usage: { inputTokens: 6, outputTokens: 7 },
      outputChars: 'Once upon a "time" — Žofie\n🌞'.length,
      complete: true,
    });
  });

  it("counts a text that its chunks also give as a chat's delta once", () => {
    const texts = ["one", "three", " and 'four'"];
    expect(readStream(completions, dataEvents(...texts.map(doubleChunk))).outputChars).toBe(
      texts.join("").length,
    );
  });

  it("of bare values is complete at any time, for it never says when", () => {
    const stream = dataEvents(...["Why", " did", ' it\n"do"'].map((value) => ({ value })));
    expect(readStream(completions, stream)).toMatchObject({
      outputChars: 'Why did it\n"do"'.length,
      complete: true,
      problems: [],
    });
  });

  it("is not complete when it breaks off", () => {
    expect(readStream(completions, dataEvents(textChunk("a"))).complete).toBe(false);
  });
});

describe("a completion's request", () => {
  it("says model, stream, limit and size", () => {
    const body = JSON.stringify({ ...REQUEST, stream: true, max_tokens: 7 });
    expect(completions.readRequest(body)).toEqual({
      model: "gpt-3.5-turbo-instruct",
      streaming: true,
      maxOutputTokens: 7,
      choices: 1,
      bodyBytes: body.length,
      serviceTier: undefined,
      unboundable: undefined,
    });
  });

  it.each([
    [{ n: 3 }, 3],
    [{ n: 2, best_of: 5 }, 5],
    [{ prompt: ["a", "b", "c"], n: 2 }, 6],
    [{ prompt: [[1, 2], [3]] }, 2],
    [{ prompt: [15, 22, 7] }, 1],
    [{ prompt: [] }, 1],
  ])("asks with %j for %d answers", (more, choices) => {
    expect(request(more)?.choices).toBe(choices);
  });

  it("is only one with a prompt and a model, which the path may name", () => {
    const prompt = JSON.stringify({ prompt: "Hi" });
    expect(completions.readRequest(prompt)).toBeUndefined();
    expect(completions.readRequest(prompt, "/v1/engines/ada%202/completions")?.model).toBe("ada 2");
    expect(request({ prompt: { id: "stored" } })).toBeUndefined();
    expect(request({ prompt: null })).toBeUndefined();
  });
});
