import { describe, expect, it } from "vitest";
import { matchFetched } from "../src/index.ts";
import { RESULTS_URL } from "./fetched-samples.ts";

describe("what is fetched", () => {
  it.each([
    ["GET", "https://api.openai.com/v1/responses/resp_1", "response", "openai", "resp_1"],
    [
      "GET",
      "https://api.openai.com/v1/responses/resp_1?stream=true",
      "response",
      "openai",
      "resp_1",
    ],
    ["POST", "https://api.openai.com/v1/responses/resp_1/cancel", "response", "openai", "resp_1"],
    ["get", "https://api.x.ai/v1/responses/0b1c-7", "response", "x_ai", "0b1c-7"],
    ["GET", "http://localhost:8000/v1/responses/resp_1", "response", "openai", "resp_1"],
    ["GET", "https://api.openai.com/v1/files/file-1/content", "results", "openai", "file-1"],
    ["GET", "https://api.groq.com/openai/v1/files/file_1/content", "results", "groq", "file_1"],
    ["GET", "https://api.mistral.ai/v1/files/7/content", "results", "mistral_ai", "7"],
    [
      "GET",
      "https://mine.openai.azure.com/openai/files/file-1/content?api-version=2024-10-21",
      "results",
      "azure.ai.openai",
      "file-1",
    ],
    ["GET", RESULTS_URL, "results", "anthropic", "msgbatch_01"],
    ["POST", "https://api.openai.com/v1/batches", "batch", "openai", undefined],
    ["GET", "https://api.openai.com/v1/batches/batch_1", "batch", "openai", "batch_1"],
    ["POST", "https://api.anthropic.com/v1/messages/batches", "batch", "anthropic", undefined],
  ])("%s %s is seen", (method, url, kind, provider, id) => {
    expect(matchFetched(method, url)).toMatchObject({ kind, provider, id });
  });

  it.each([
    ["POST", "https://api.openai.com/v1/responses/resp_1"],
    ["DELETE", "https://api.openai.com/v1/responses/resp_1"],
    ["GET", "https://api.openai.com/v1/responses/resp_1/input_items"],
    ["GET", "https://survey.example.com/responses/42"],
    ["GET", "https://api.openai.com/v1/files/file-1"],
    ["POST", "https://api.openai.com/v1/files"],
    ["GET", "https://api.openai.com/v1/batches"],
    ["POST", "https://api.openai.com/v1/batches/batch_1/cancel"],
    ["GET", "https://api.openai.com/v1/models"],
    ["GET", "/v1/files/file-1/content"],
    ["GET", "ftp://host/v1/files/file-1/content"],
    ["GET", "not a url /files/"],
  ])("%s %s is not", (method, url) => {
    expect(matchFetched(method, url)).toBeUndefined();
  });

  it("is the provider's that an endpoint names", () => {
    const endpoints = [{ host: "llm.internal", provider: "azure.ai.openai" }];
    const url = "https://llm.internal/v1/responses/42";
    expect(matchFetched("GET", url, endpoints)).toMatchObject({ provider: "azure.ai.openai" });
  });
});
