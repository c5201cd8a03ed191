import { usualScenarios } from "../usual-scenarios.mjs";
import { chatSurface } from "./stainless.mjs";

export function scenarios([sdk], baseUrl) {
  return usualScenarios(
    "chat",
    chatSurface(sdk.default ?? sdk.Together, {
      baseUrlOf: (url = baseUrl) => `${url}/together/v1`,
      model: "meta-llama/Llama-3.3-70B-Instruct-Turbo",
      refusedModel: "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo",
    }),
  );
}
