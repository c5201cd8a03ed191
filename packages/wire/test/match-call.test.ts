import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchCall } from "../src/index.ts";

const CHAT = "https://api.openai.com/v1/chat/completions";
const apiOf = (method: string, url: string | URL): string | undefined =>
  matchCall(method, url)?.api.id;

describe("a call", () => {
  it.each([
    [CHAT, "openai.chat", "openai"],
    ["https://api.openai.com/v1/responses", "openai.responses", "openai"],
    ["https://api.anthropic.com/v1/messages?beta=true", "anthropic.messages", "anthropic"],
  ])("to %s is %s of %s", (url, api, provider) => {
    for (const form of [url, new URL(url)]) {
      const call = matchCall("POST", form);
      expect(call).toMatchObject({
        provider,
        serverAddress: new URL(url).hostname,
        serverPort: 443,
      });
      expect(call?.api.id).toBe(api);
    }
  });

  it("to a host nobody knows belongs to the provider whose API it speaks", () => {
    expect(matchCall("POST", "http://localhost:8080/any/prefix/messages#x")).toMatchObject({
      provider: "anthropic",
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
    ["POST", "https://api.anthropic.com/v1/messages/count_tokens"],
    ["POST", "https://api.anthropic.com/v1/messages/batches"],
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
