import type { PriceCorrection } from "./correction.ts";

const AUDIO = "its prices for audio are missing: speech would be billed as text";
const NEWER = "it came out after the catalogue";
const FINE_TUNED = "the price of the fine-tuned model, which is not that of the model beneath";
const LITELLM = "https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json";
const CHECKED = { provider: "openai", checkedOn: "2026-11-22" } as const;

export const OPENAI_CORRECTIONS: readonly PriceCorrection[] = [
  {
    ...CHECKED,
    models: [
      "gpt-4o-audio-preview",
      "gpt-4o-audio-preview-2024-12-17",
      "gpt-4o-audio-preview-2025-06-03",
    ],
    prices: {
      inputPerMtok: "2.50",
      outputPerMtok: "10",
      audioInputPerMtok: "40",
      audioOutputPerMtok: "80",
    },
    confirmed: "provider",
    source: "https://developers.openai.com/api/docs/models/gpt-4o-audio-preview",
    reason: AUDIO,
  },
  {
    ...CHECKED,
    models: ["gpt-4o-audio-preview-2024-10-01"],
    prices: {
      inputPerMtok: "2.50",
      outputPerMtok: "10",
      audioInputPerMtok: "100",
      audioOutputPerMtok: "200",
    },
    // OpenAI's page has a single price for all snapshots, that of the later ones.
    confirmed: "third-party",
    source: "https://huggingface.co/spaces/noumanjavaid/pricing/blob/main/app.py",
    reason: AUDIO,
  },
  {
    ...CHECKED,
    models: ["gpt-4o-mini-audio-preview", "gpt-4o-mini-audio-preview-2024-12-17"],
    prices: {
      inputPerMtok: "0.15",
      outputPerMtok: "0.60",
      audioInputPerMtok: "10",
      audioOutputPerMtok: "20",
    },
    confirmed: "provider",
    source: "https://developers.openai.com/api/docs/models/gpt-4o-mini-audio-preview",
    reason: AUDIO,
  },
  {
    ...CHECKED,
    models: ["gpt-6.1-sol", "gpt-6.1-sol-20??-??-??"],
    effectiveFrom: "2026-09-29",
    prices: {
      inputPerMtok: "2",
      cacheReadPerMtok: "0.10",
      cacheWritePerMtok: "2.50",
      outputPerMtok: "10",
      perWebSearch: "0.01",
      perFileSearch: "0.0025",
      tiers: [
        {
          aboveInputTokens: 272_000,
          inputPerMtok: "4",
          cacheReadPerMtok: "0.20",
          cacheWritePerMtok: "5",
          outputPerMtok: "15",
        },
      ],
    },
    // OpenAI's page was seen in a translation.
    confirmed: "third-party",
    source: "https://www.w3cschool.cn/openai_api/openai-api-docs-gpt-6-1-sol.html",
    reason: NEWER,
    contextWindow: 1_050_000,
  },
  {
    ...CHECKED,
    models: ["gpt-6.1-terra", "gpt-6.1-terra-20??-??-??"],
    effectiveFrom: "2026-10-26",
    prices: {
      inputPerMtok: "1",
      cacheReadPerMtok: "0.05",
      cacheWritePerMtok: "1.25",
      outputPerMtok: "5",
      perWebSearch: "0.01",
      perFileSearch: "0.0025",
      tiers: [
        {
          aboveInputTokens: 272_000,
          inputPerMtok: "2",
          cacheReadPerMtok: "0.10",
          cacheWritePerMtok: "2.50",
          outputPerMtok: "7.50",
        },
      ],
    },
    confirmed: "provider",
    source: "https://developers.openai.com/api/docs/models/gpt-6.1-terra",
    reason: NEWER,
    contextWindow: 1_050_000,
  },
  fineTuned("gpt-4.1-2025-04-14", "3", "0.75", "12"),
  fineTuned("gpt-4.1-mini-2025-04-14", "0.80", "0.20", "3.20"),
  fineTuned("gpt-4.1-nano-2025-04-14", "0.20", "0.05", "0.80"),
  fineTuned("o4-mini-2025-04-16", "4", "1", "16"),
  fineTuned("gpt-4o-2024-08-06", "3.75", "1.875", "15"),
  fineTuned("gpt-4o-mini-2024-07-18", "0.30", "0.15", "1.20"),
  fineTuned("gpt-3.5-turbo", "3", "3", "6"),
  fineTuned("gpt-3.5-turbo-0125", "3", "3", "6"),
  fineTuned("gpt-3.5-turbo-0613", "3", "3", "6"),
  fineTuned("gpt-3.5-turbo-1106", "3", "3", "6"),
  fineTuned("davinci-002", "12", "12", "12"),
  fineTuned("babbage-002", "1.60", "1.60", "1.60"),
];

function fineTuned(
  base: string,
  inputPerMtok: string,
  cacheReadPerMtok: string,
  outputPerMtok: string,
): PriceCorrection {
  return {
    ...CHECKED,
    models: [`ft:${base}`, `ft:${base}:*`],
    prices: { inputPerMtok, cacheReadPerMtok, outputPerMtok },
    confirmed: "third-party",
    source: LITELLM,
    reason: FINE_TUNED,
  };
}
