import { usualScenarios } from "../usual-scenarios.mjs";
import { chatSurface } from "./stainless.mjs";

export function scenarios([sdk], baseUrl) {
  return usualScenarios(
    "chat",
    chatSurface(sdk.default ?? sdk.Groq, {
      baseUrlOf: (url = baseUrl) => url,
      model: "llama-3.3-70b-versatile",
      refusedModel: "llama-3.1-8b-instant",
    }),
  );
}
