import { describe, expect, it } from "vitest";
import {
  compact,
  embeddings,
  from,
  images,
  IMAGES_STREAM,
  moderations,
  readStream,
  reranking,
  responses,
  speech,
  SPEECH_STREAM,
  TRANSCRIPT_STREAM,
  transcriptions,
} from "./wire-samples.ts";

const json = (value: unknown): string => JSON.stringify(value);

/** A form as clients send it, with a file of the given content. */
function form(fields: Readonly<Record<string, string>>, file: string, end = "\r\n"): string {
  const part = (headers: string, content: string): string =>
    `--edge-7${end}${headers}${end}${end}${content}${end}`;
  const texts = Object.entries(fields).map(([name, value]) =>
    part(`Content-Disposition: form-data; name="${name}"`, value),
  );
  const disposition = 'Content-Disposition: form-data; name="file"; filename="a.mp3"';
  return `${part(`${disposition}${end}Content-Type: audio/mpeg`, file)}${texts.join("")}--edge-7--${end}`;
}

describe("embeddings", () => {
  const answer = {
    data: [{ embedding: [0.1] }],
    model: "text-embedding-3-small",
    usage: { prompt_tokens: 8, total_tokens: 8 },
  };

  it("use input only: no output is zero, not unknown", () => {
    expect(embeddings.readJson(answer)).toMatchObject({
      model: "text-embedding-3-small",
      usage: { inputTokens: 8, outputTokens: 0 },
      finishReasons: [],
      complete: true,
      problems: [],
    });
  });

  it("may count their tokens as the total alone", () => {
    expect(embeddings.readJson({ ...answer, usage: { total_tokens: 5 } }).usage).toMatchObject({
      inputTokens: 5,
      outputTokens: 0,
    });
    expect(embeddings.readJson({ ...answer, usage: {} }).usage).toBeUndefined();
  });

  it("are asked for with a model and an input", () => {
    const body = json({ model: "m", input: ["a", "b"] });
    expect(embeddings.readRequest(body)).toMatchObject({
      model: "m",
      streaming: false,
      maxOutputTokens: undefined,
      bodyBytes: body.length,
      unboundable: undefined,
    });
    expect(embeddings.readRequest(json({ model: "m", prompt: "ollama" }))).toBeUndefined();
    expect(embeddings.readRequest(json({ input: "Hi" }))).toBeUndefined();
    const picture = [{ content: [{ type: "image_url", image_url: "https://x" }] }];
    expect(embeddings.readRequest(json({ model: "m", input: picture }))?.unboundable).toBeDefined();
  });

  it("never stream", () => {
    expect(readStream(embeddings, "data: {}\n\n").problems).toHaveLength(1);
    expect(readStream(embeddings, "").problems).toEqual([]);
  });
});

describe("reranking", () => {
  it.each([
    ["Together", { results: [], usage: { prompt_tokens: 30, completion_tokens: 0 } }, 30],
    ["Voyage", { data: [], usage: { total_tokens: 12 } }, 12],
    ["vLLM", { results: [], usage: { total_tokens: 56 } }, 56],
    ["OpenRouter", { results: [], usage: { search_units: 1 } }, undefined],
  ])("of %s is read", (_vendor, answer, inputTokens) => {
    const facts = reranking.readJson({ id: "r", model: "m", ...answer });
    expect(facts).toMatchObject({ id: "r", model: "m", complete: true, problems: [] });
    expect(facts.usage?.inputTokens).toBe(inputTokens);
  });

  it("is asked for with a query and documents, whose size does not bound it", () => {
    const facts = reranking.readRequest(json({ model: "m", query: "q", documents: ["d"] }));
    expect(facts).toMatchObject({ model: "m", unboundable: expect.stringContaining("query") });
    expect(reranking.readRequest(json({ model: "m", query: "q" }))).toBeUndefined();
  });
});

describe("moderations", () => {
  it("are free with the provider's own models, which are the default", () => {
    const free = (model?: string): boolean | undefined =>
      moderations.readRequest(json({ model, input: "Hi" }))?.free;
    expect(free()).toBe(true);
    expect(free("omni-moderation-2024-09-26")).toBe(true);
    expect(free("mistral-moderation-2603")).toBe(false);
    expect(moderations.readRequest(json({ model: "omni-moderation-latest" }))).toBeUndefined();
  });

  it("say no usage, or all input", () => {
    expect(moderations.readJson({ results: [] })).toMatchObject({ usage: undefined, problems: [] });
    const usage = { prompt_tokens: 13, total_tokens: 74 };
    expect(moderations.readJson({ results: [], usage }).usage).toMatchObject({ inputTokens: 13 });
  });
});

describe("images", () => {
  const usage = {
    input_tokens: 50,
    output_tokens: 272,
    input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  };

  it("count text and image tokens; all output is image unless it says otherwise", () => {
    expect(images.readJson({ data: [{}], usage })).toMatchObject({
      usage: {
        inputTokens: 50,
        imageInputTokens: 40,
        outputTokens: 272,
        imageOutputTokens: 272,
      },
      complete: true,
      problems: [],
    });
    const mixed = { ...usage, output_tokens_details: { text_tokens: 72, image_tokens: 200 } };
    expect(images.readJson({ data: [{}], usage: mixed }).usage?.imageOutputTokens).toBe(200);
  });

  it("of older models have no counts", () => {
    expect(images.readJson({ created: 1, data: [{ url: "https://x" }] })).toMatchObject({
      usage: undefined,
      problems: [],
    });
  });

  it("may come as a stream, with usage at its end", () => {
    expect(readStream(images, IMAGES_STREAM)).toMatchObject({
      usage: { inputTokens: 50, imageInputTokens: 40, outputTokens: 50, imageOutputTokens: 50 },
      complete: true,
      problems: [],
    });
  });

  it("are asked for in JSON or by form", () => {
    const asked = { model: "gpt-image-1", prompt: "a cat", n: 2, stream: true };
    for (const body of [json(asked), form({ ...asked, n: "2", stream: "true" }, "PNG")]) {
      expect(images.readRequest(body)).toMatchObject({
        model: "gpt-image-1",
        choices: 2,
        streaming: true,
        unboundable: expect.any(String),
      });
    }
    expect(images.readRequest(json({ model: "gpt-image-1" }))).toBeUndefined();
    const path = "/openai/deployments/painter/images/generations";
    expect(images.readRequest(json({ prompt: "a cat" }), path)?.model).toBe("painter");
  });
});

describe("speech", () => {
  it("is sound, which has no counts and no end of its own", () => {
    const sound = from("openai", { "content-type": "audio/mpeg" });
    expect(speech.isStream?.("audio/mpeg")).toBe(true);
    expect(readStream(speech, new Uint8Array([0xff, 0xf3, 0x0a, 0x0a]), [1], sound)).toMatchObject({
      usage: undefined,
      outputChars: 0,
      complete: true,
      problems: [],
    });
    expect(readStream(speech, "", [], sound).complete).toBe(false);
  });

  it("as an event stream says its usage at the end, all output spoken", () => {
    const source = from("openai", { "content-type": "text/event-stream; charset=utf-8" });
    expect(readStream(speech, SPEECH_STREAM, [], source)).toMatchObject({
      usage: { inputTokens: 14, outputTokens: 101, audioOutputTokens: 101 },
      complete: true,
    });
  });

  it("refused is an error", () => {
    expect(speech.isStream?.("application/json")).toBe(false);
    expect(speech.readJson({ error: { type: "bad", code: null } }).errorType).toBe("bad");
  });

  it("is asked for with a model and a text", () => {
    const asked = { model: "tts-1", input: "Hello", voice: "alloy", stream_format: "sse" };
    expect(speech.readRequest(json(asked))).toMatchObject({ model: "tts-1", streaming: true });
    expect(speech.readRequest(json({ ...asked, input: undefined }))).toBeUndefined();
  });
});

describe("a transcription", () => {
  it("counts tokens", () => {
    const usage = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 5,
    };
    expect(transcriptions.readJson({ text: "Hello", usage })).toMatchObject({
      usage: { inputTokens: 14, audioInputTokens: 10, outputTokens: 5 },
      outputChars: 5,
      complete: true,
      problems: [],
    });
  });

  it.each([
    [{ usage: { type: "duration", seconds: 37 }, duration: 36.7 }, 37],
    [{ duration: 36.1 }, 37],
    [{ duration: "36.1" }, undefined],
    [{}, undefined],
  ])("or seconds, begun ones included: %j", (more, audioSeconds) => {
    const { usage } = transcriptions.readJson({ text: "Hello", ...more });
    expect(usage?.audioSeconds).toBe(audioSeconds);
    expect(usage?.inputTokens).toBeUndefined();
  });

  it("may come as a stream", () => {
    expect(readStream(transcriptions, TRANSCRIPT_STREAM)).toMatchObject({
      usage: { inputTokens: 14, audioInputTokens: 14, outputTokens: 45 },
      outputChars: "I see skies — Žofie\n of".length,
      complete: true,
    });
  });

  it("may come as plain text, of which the length is known", () => {
    const source = from("openai", { "content-type": "text/plain; charset=utf-8" });
    expect(transcriptions.isStream?.("text/plain; charset=utf-8")).toBe(true);
    expect(readStream(transcriptions, "Žofie 🌞\n", [1, 8, 9], source)).toMatchObject({
      outputChars: 9,
      complete: true,
      problems: [],
    });
  });

  it.each(["\r\n", "\n"])("is asked for by form, lines ending in %j", (end) => {
    const file = `ID3\0${end}--edge-${end}name="model"${end}${end}trap${end}`;
    const body = form({ model: "whisper-1", stream: "true", prompt: "" }, file, end);
    expect(transcriptions.readRequest(body)).toMatchObject({
      model: "whisper-1",
      streaming: true,
      bodyBytes: Buffer.byteLength(body),
      unboundable: expect.stringContaining("recording"),
    });
  });

  it("is not one without a model", () => {
    for (const body of [form({ language: "en" }, "x"), "--", "--edge\n", "----", "text"]) {
      expect(transcriptions.readRequest(body)).toBeUndefined();
    }
    const path = "/openai/deployments/ear/audio/transcriptions";
    expect(transcriptions.readRequest(form({}, "x"), path)?.model).toBe("ear");
  });

  it("takes no file for a field", () => {
    const named = form({ model: "whisper-1" }, "x").replace('name="file"', 'name="model"');
    expect(transcriptions.readRequest(named)?.model).toBe("whisper-1");
    expect(
      transcriptions.readRequest(named.replace('name="model"\r', 'name="other"\r')),
    ).toBeUndefined();
  });
});

describe("a compacted conversation", () => {
  it("is asked for and answered as a response, without an end of its own", () => {
    const usage = { input_tokens: 133, output_tokens: 235 };
    expect(compact.readJson({ object: "response.compaction", output: [], usage })).toMatchObject({
      usage: { inputTokens: 133, outputTokens: 235 },
      finishReasons: [],
      complete: true,
      problems: [],
    });
    expect(compact.readRequest(json({ model: "m", input: [] }))?.model).toBe("m");
  });
});

describe("a response made in the background", () => {
  it.each(["queued", "in_progress"])("and %s is not complete, and nothing is wrong", (status) => {
    const body = { id: "resp_1", model: "m", status, background: true, output: [], usage: null };
    expect(responses.readJson(body)).toMatchObject({
      id: "resp_1",
      complete: false,
      usage: undefined,
      finishReasons: [],
      errorType: undefined,
      problems: [],
    });
  });
});
