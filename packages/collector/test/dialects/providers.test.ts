import { expect, test } from "vitest";
import { canonicalProvider } from "../../src/dialects/reading/providers.ts";

test.each([
  ["openai", "openai"],
  ["OpenAI", "openai"],
  ["openai.chat", "openai"],
  ["openai.responses", "openai"],
  ["text-completion-openai", "openai"],
  ["Anthropic", "anthropic"],
  ["anthropic.messages", "anthropic"],
  ["az.ai.openai", "azure.ai.openai"],
  ["azure", "azure.ai.openai"],
  ["azure-openai.chat", "azure.ai.openai"],
  ["az.ai.inference", "azure.ai.inference"],
  ["azure_ai", "azure.ai.inference"],
  ["google.generative-ai", "gcp.gemini"],
  ["@ai-sdk/google", "gcp.gemini"],
  ["gemini", "gcp.gemini"],
  ["google.vertex.chat", "gcp.vertex_ai"],
  ["vertex_ai-anthropic_models", "gcp.vertex_ai"],
  ["VertexAI", "gcp.vertex_ai"],
  ["amazon-bedrock", "aws.bedrock"],
  ["bedrock_converse", "aws.bedrock"],
  ["AWS", "aws.bedrock"],
  ["mistralai", "mistral_ai"],
  ["xai", "x_ai"],
  ["watsonx", "ibm.watsonx.ai"],
  ["github_copilot", "github-copilot"],
  ["My-Own Gateway", "my-own gateway"],
])("%s is %s", (said, name) => {
  expect(canonicalProvider(said)).toBe(name);
});

test.each([undefined, "", "  ", "Unknown", 7, ["openai"], true])("%s is none", (said) => {
  expect(canonicalProvider(said)).toBeUndefined();
});
