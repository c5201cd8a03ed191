import { AGENT, BUDGET, MODEL, ORGANIZATION, PROJECT, PROVIDER } from "../../metrics/labels.ts";

const scope = [ORGANIZATION, PROJECT, AGENT, PROVIDER, MODEL]
  .map((label) => `{{ with $labels.${label} }} {{ . }}{{ end }}`)
  .join("");

/** Names a budget and the scope of it that an alert is about. */
export const THE_BUDGET: string = `Budget {{ $labels.${BUDGET} }}${scope}`;

/** Names a provider's model. */
export const THE_MODEL: string = `{{ $labels.${PROVIDER} }}{{ with $labels.${MODEL} }} {{ . }}{{ end }}`;
