import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APIS, VENDOR_PATHS } from "../src/apis/index.ts";
import { API_IDS, matchCall, type Endpoint, type MatchedCall } from "../src/index.ts";

const CHAT = "https://api.openai.com/v1/chat/completions";
const apiOf = (method: string, url: string | URL): string | undefined =>
  matchCall(method, url)?.api.id;

const at = (url: string, ...endpoints: Endpoint[]): MatchedCall | undefined =>
  matchCall("POST", url, endpoints);

describe("a call", () => {
  it.each([
    ["https://eu.api.openai.com/v1/responses", "eu"],
    ["https://api.openai.com/v1/responses", undefined],
    [
      "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-opus-4-6:rawPredict",
      "us-east5",
    ],
    [
      "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent",
      "global",
    ],
    ["https://api.anthropic.com/v1/messages", undefined],
  ])("to %s is to be processed in: %s", (url, region) => {
    expect(at(url)?.region).toBe(region);
  });

  it.each([
    [CHAT, "openai.chat", "openai"],
    ["https://api.openai.com/v1/responses", "openai.responses", "openai"],
    ["https://api.openai.com/v1/responses/compact", "openai.responses.compact", "openai"],
    ["https://api.openai.com/v1/completions", "openai.completions", "openai"],
    ["https://api.openai.com/v1/embeddings", "openai.embeddings", "openai"],
    ["https://api.openai.com/v1/images/variations", "openai.images", "openai"],
    ["https://api.openai.com/v1/audio/speech", "openai.speech", "openai"],
    ["https://api.openai.com/v1/audio/translations", "openai.transcriptions", "openai"],
    ["https://api.openai.com/v1/moderations", "openai.moderations", "openai"],
    ["https://eu.api.openai.com/v1/responses", "openai.responses", "openai"],
    ["https://api.anthropic.com/v1/messages?beta=true", "anthropic.messages", "anthropic"],
    ["https://api.groq.com/openai/v1/chat/completions", "openai.chat", "groq"],
    ["https://api.together.xyz/v1/rerank", "rerank", "together"],
    ["https://api.deepseek.com/beta/completions", "openai.completions", "deepseek"],
    ["https://us-east-1.api.x.ai/v1/responses", "openai.responses", "x_ai"],
    ["https://openrouter.ai/api/v1/embeddings", "openai.embeddings", "openrouter"],
    ["https://api.fireworks.ai/inference/v1/chat/completions", "openai.chat", "fireworks"],
    ["https://api.perplexity.ai/chat/completions", "openai.chat", "perplexity"],
    ["https://api.moonshot.cn/v1/chat/completions", "openai.chat", "moonshot_ai"],
    [
      "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
      "openai.chat",
      "alibaba",
    ],
    ["https://router.huggingface.co/novita/v1/completions", "openai.completions", "huggingface"],
    ["https://api.writer.com/v1/chat", "openai.chat", "writer"],
    ["https://api.individual.githubcopilot.com/responses", "openai.responses", "github-copilot"],
    [
      "https://mine.openai.azure.com/openai/deployments/d/images/generations?api-version=1",
      "openai.images",
      "azure.ai.openai",
    ],
    [
      "https://x.cognitiveservices.azure.com/openai/v1/responses",
      "openai.responses",
      "azure.ai.openai",
    ],
    [
      "https://x.services.ai.azure.com/models/chat/completions",
      "openai.chat",
      "azure.ai.inference",
    ],
  ])("to %s is %s of %s", (url, api, provider) => {
    for (const form of [url, new URL(url)]) {
      const call = matchCall("POST", form);
      expect(call).toMatchObject({
        provider,
        serverAddress: new URL(url).hostname,
        serverPort: 443,
        hostKnown: true,
      });
      expect(call?.api.id).toBe(api);
    }
  });

  it("to a host nobody knows belongs to the provider whose API it speaks", () => {
    expect(matchCall("POST", "http://localhost:8080/any/prefix/messages#x")).toMatchObject({
      provider: "anthropic",
      hostKnown: false,
      serverAddress: "localhost",
      serverPort: 8080,
    });
    expect(matchCall("POST", "http://[::1]/chat/completions/")).toMatchObject({
      provider: "openai",
      serverAddress: "::1",
      serverPort: 80,
    });
    expect(matchCall("POST", "https://constructor/v1/responses")?.provider).toBe("openai");
  });

  it("is one whatever the case of its method and host", () => {
    expect(apiOf("post", CHAT)).toBe("openai.chat");
    expect(matchCall("POST", "HTTPS://API.OpenAI.com/v1/chat/completions")?.serverAddress).toBe(
      "api.openai.com",
    );
  });

  it.each([
    ["GET", CHAT],
    ["POST", "https://api.openai.com/v1/skills"],
    ["POST", "https://api.openai.com/v1/responses/resp_1/cancel"],
    ["POST", "https://api.openai.com/v1/responses/input_tokens"],
    ["POST", "https://api.anthropic.com/v1/messages/batches"],
    ["POST", "https://api.anthropic.com/v1/messages/batches"],
    ["POST", "https://api.openai.com/v1/images/generations/1"],
    ["POST", "https://writer.example.com/v3/chat"],
    ["POST", "https://example.com/api.writer.com/v3/chat"],
    ["POST", "https://example.com/?next=/v1/chat/completions"],
    ["POST", "https://example.com/#/v1/responses"],
    ["POST", "https://responses"],
    ["POST", "https://messages/"],
    ["POST", "/v1/chat/completions"],
    ["POST", "v1/messages"],
    ["POST", "file:///v1/messages"],
    ["POST", "https://[bad/v1/messages"],
    ["POST", "http://example.com:99999/v1/messages"],
    ["POST", ""],
  ])("%s %s is none", (method, url) => {
    expect(matchCall(method, url)).toBeUndefined();
  });

  it("is found by its last word as it is by trying every API", () => {
    const words = new Set(
      [...APIS.flatMap(({ pathEnds }) => pathEnds), ...VENDOR_PATHS.map(({ path }) => path)]
        .flatMap((end) => end.split(/(?=[/:])/))
        .concat("/v1", "/model", "/publishers", "/anthropic", "/models", "/ml", "/x-embed:1", "/"),
    );
    const hosts = fc.constantFrom("10.0.0.1", ...new Set(VENDOR_PATHS.map(({ host }) => host)));
    const path = fc.oneof(
      fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((parts) => parts.join("")),
      fc.constantFrom(...VENDOR_PATHS.map((known) => known.path)),
      fc.webPath(),
    );
    fc.assert(
      fc.property(hosts, path, (host, pathname) => {
        const url = new URL(`https://${host}`);
        url.pathname = pathname;
        const called = url.pathname.replace(/\/$/, "");
        const own = VENDOR_PATHS.find((known) => known.host === host && known.path === called);
        const tried = APIS.find(
          ({ pathEnds, acceptsPath }) =>
            pathEnds.some((end) => called.endsWith(end)) && (acceptsPath?.(called) ?? true),
        );
        const provider = "test";
        const found = matchCall("POST", url, [{ host, provider }])?.api;
        expect(found).toBe(own?.api ?? tried);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the method and URL", () => {
    const suffix = fc.constantFrom("", "/responses", "/messages", "/chat/completions");
    fc.assert(
      fc.property(
        fc.constantFrom("POST", "post", "PUT"),
        fc.string(),
        suffix,
        (method, text, end) => {
          matchCall(method, text + end);
          matchCall(method, `https://${text}${end}`);
        },
      ),
    );
  });
});

describe("a call to a host that is declared", () => {
  const vllm = { host: "llm.internal", provider: "vllm" };

  it("belongs to the provider that is declared", () => {
    for (const url of [
      "http://llm.internal:8000/v1/completions",
      "https://LLM.internal/completions",
    ]) {
      expect(at(url, vllm)).toMatchObject({ provider: "vllm", hostKnown: true });
    }
    expect(at("https://sub.llm.internal/v1/completions", vllm)?.provider).toBe("openai");
    expect(at(CHAT, { host: "API.openai.com", provider: "gateway" })?.provider).toBe("gateway");
  });

  it("is told by port where one is declared, written or not", () => {
    const onPort = { ...vllm, host: "llm.internal:443" };
    expect(at("https://llm.internal/v1/completions", onPort)?.provider).toBe("vllm");
    expect(at("https://llm.internal:444/v1/completions", onPort)?.provider).toBe("openai");
  });

  it("may be anywhere below a declared domain, first come first served", () => {
    const all = { host: "*.llm.internal", provider: "vllm" };
    expect(at("http://a.b.llm.internal/v1/completions", all)?.provider).toBe("vllm");
    expect(at("http://llm.internal/v1/completions", all)?.provider).toBe("openai");
    const first = { host: "a.llm.internal", provider: "groq" };
    expect(at("http://a.llm.internal/v1/completions", first, all)?.provider).toBe("groq");
  });

  it("speaks the declared API where its path does not say another", () => {
    const named = { ...vllm, api: "openai.chat" };
    expect(at("https://llm.internal/generate?x=1", named)).toMatchObject({
      provider: "vllm",
      api: { id: "openai.chat" },
      path: "/generate",
    });
    expect(at("https://llm.internal/v1/embeddings", named)?.api.id).toBe("openai.embeddings");
    expect(at("https://elsewhere.internal/generate", named)).toBeUndefined();
    expect(at("https://llm.internal/generate", { ...named, api: "none" })).toBeUndefined();
    expect(at("https://llm.internal/generate", vllm)).toBeUndefined();
    expect(matchCall("GET", "https://llm.internal/generate", [named])).toBeUndefined();
  });

  it("can be declared for every API there is", () => {
    for (const api of API_IDS) {
      expect(at("https://llm.internal/", { ...vllm, api })?.api.id).toBe(api);
    }
    expect(new Set(API_IDS).size).toBe(API_IDS.length);
  });
});

const ollamaAt = (host: string): string | undefined =>
  matchCall("POST", `https://${host}/api/chat`)?.api.id;

describe("a path that other services have too", () => {
  it.each([
    "localhost:11434",
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9:11434",
    "192.168.1.7",
    "[::1]:11434",
    "[fd00::7]",
    "ollama",
    "gpu.internal",
    "ollama.default.svc.cluster.local",
    "ollama.com",
  ])("is ours at %s", (host) => {
    expect(ollamaAt(host)).toBe("ollama.chat");
  });

  it.each(["www.acme.com", "172.32.0.1", "8.8.8.8", "[2606:4700::1]", "api.internal.acme.com"])(
    "means nothing at %s",
    (host) => {
      expect(ollamaAt(host)).toBeUndefined();
    },
  );

  it("is ours where the host is named", () => {
    const endpoints = [{ host: "llm.acme.com", provider: "ollama" }];
    expect(matchCall("POST", "https://llm.acme.com/api/chat", endpoints)?.provider).toBe("ollama");
  });
});
