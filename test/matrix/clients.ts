/** One client in one major version, and how its cells are run. */
export interface Client {
  /** As on the command line and in docs/clients.md. */
  readonly name: string;
  /** The file in `app/clients` that drives it. */
  readonly family: string;
  /** Installed names, in the order that the family wants them; the first one's version is shown. */
  readonly packages: readonly string[];
  /** What it ships. */
  readonly formats: readonly Format[];
  /** What a user should know. */
  readonly notes?: readonly string[];
  /** Scenarios in which the meter is known to be wrong, and how. */
  readonly limits?: readonly Limit[];
}

export interface Limit {
  readonly scenario: RegExp;
  readonly what: string;
}

/** How the app loads the client, or that it is bundled into one file with the app. */
export type Format = "esm" | "cjs" | "bundle";

/** One client in one format: two processes, with and without metering. */
export interface Cell {
  readonly client: Client;
  readonly format: Format;
}

const BOTH = ["esm", "cjs"] as const;
const ESM = ["esm"] as const;

const aiNotes = [
  "A `break` out of a stream does not end the request; the call is settled at what was seen once nobody has read for a while.",
  "`streamText` gives a refusal as an `error` part and does not throw.",
];

export const CLIENTS: readonly Client[] = [
  {
    name: "openai 4",
    family: "openai",
    packages: ["openai4"],
    formats: BOTH,
  },
  { name: "openai 5", family: "openai", packages: ["openai5"], formats: BOTH },
  { name: "openai 6", family: "openai", packages: ["openai6"], formats: BOTH },
  { name: "openai 7", family: "openai", packages: ["openai"], formats: BOTH },
  {
    name: "anthropic 0.40",
    family: "anthropic",
    packages: ["anthropic-sdk-0-40"],
    formats: BOTH,
  },
  { name: "anthropic 0.60", family: "anthropic", packages: ["anthropic-sdk-0"], formats: BOTH },
  { name: "anthropic 1", family: "anthropic", packages: ["@anthropic-ai/sdk"], formats: BOTH },
  {
    name: "ai 5",
    family: "ai",
    packages: ["ai5", "ai5-openai", "ai5-anthropic", "ai5-google", "ai5-amazon-bedrock"],
    formats: BOTH,
    notes: aiNotes,
  },
  {
    name: "ai 6",
    family: "ai",
    packages: ["ai6", "ai6-openai", "ai6-anthropic", "ai6-google", "ai6-amazon-bedrock"],
    formats: BOTH,
    notes: aiNotes,
  },
  {
    name: "ai 7",
    family: "ai",
    packages: [
      "ai",
      "@ai-sdk/openai",
      "@ai-sdk/anthropic",
      "@ai-sdk/google",
      "@ai-sdk/amazon-bedrock",
    ],
    formats: ESM,
    notes: aiNotes,
  },
  { name: "google", family: "google", packages: ["@google/genai"], formats: BOTH },
  {
    name: "bedrock",
    family: "bedrock",
    packages: ["@aws-sdk/client-bedrock-runtime"],
    formats: BOTH,
  },
  {
    name: "bedrock, HTTP/1",
    family: "bedrock",
    packages: ["@aws-sdk/client-bedrock-runtime", "@smithy/node-http-handler"],
    formats: BOTH,
  },
  {
    name: "mistral",
    family: "mistral",
    packages: ["@mistralai/mistralai"],
    formats: ESM,
    limits: [
      {
        scenario: /stream error event$/,
        what: "An error that comes in the middle of a stream is booked as a cancel, since the client leaves the stream.",
      },
    ],
  },
  { name: "groq", family: "groq", packages: ["groq-sdk"], formats: BOTH },
  { name: "cohere 7", family: "cohere", packages: ["cohere-ai-7"], formats: BOTH },
  {
    name: "cohere 8",
    family: "cohere",
    packages: ["cohere-ai"],
    formats: ["cjs"],
  },
  {
    name: "langchain",
    family: "langchain",
    packages: ["@langchain/openai", "@langchain/anthropic"],
    formats: BOTH,
  },
  {
    name: "langgraph",
    family: "langgraph",
    packages: ["@langchain/langgraph/prebuilt", "@langchain/openai", "@langchain/core/tools"],
    formats: BOTH,
  },
  {
    name: "openai agents",
    family: "agents",
    packages: ["@openai/agents", "openai"],
    formats: BOTH,
  },
  { name: "ollama", family: "ollama", packages: ["ollama"], formats: BOTH },
  { name: "together", family: "together", packages: ["together-ai"], formats: BOTH },
  { name: "llamaindex", family: "llamaindex", packages: ["@llamaindex/openai"], formats: BOTH },
  {
    name: "fetch",
    family: "fetch",
    packages: [],
    formats: ESM,
  },
  { name: "node-fetch 2", family: "node-fetch", packages: ["node-fetch-2"], formats: BOTH },
  {
    name: "node-fetch 3",
    family: "node-fetch",
    packages: ["node-fetch"],
    formats: BOTH,
    notes: ["By itself it ends the process when a signal is aborted before the call: not run."],
  },
  { name: "undici 6", family: "fetch", packages: ["undici6"], formats: BOTH },
  { name: "undici 7", family: "fetch", packages: ["undici7"], formats: BOTH },
  {
    name: "undici 8",
    family: "fetch",
    packages: ["undici"],
    formats: BOTH,
    notes: ["Its `fetch` is metered, its `request`, `stream` and `pipeline` are not."],
  },
  {
    name: "bundled app",
    family: "openai",
    packages: ["openai"],
    formats: ["bundle"],
    notes: [
      "Clients that do not use the global `fetch` (openai 4, anthropic 0.40, node-fetch, undici, bedrock) are known by the name of their module, so they have to stay outside of the bundle.",
    ],
  },
];
