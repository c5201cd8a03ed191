/** Models that only the scenarios "budget refuses …" ask for. */
const REFUSED_MODELS = [
  "gpt-4.1-nano*",
  "claude-3-5-haiku-*",
  "anthropic.claude-3-5-haiku-*",
  "gemini-2.0-flash-lite*",
  "ministral-3b-*",
  "command-r7b-*",
  "llama-3.1-8b-*",
  "meta-llama/Meta-Llama-3.1-8B-*",
  "llama3.2:*",
];

/** Budgets too small for any call, and nothing else. */
export const REFUSING_POLICIES: readonly object[] = REFUSED_MODELS.map((model, index) => ({
  id: `refuses-${index}`,
  match: { model },
  limit: { tokens: 1 },
  window: "total",
  guarantee: "hard",
  maxOutputTokens: 100,
}));
