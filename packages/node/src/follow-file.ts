import type {
  ConfiguredBudgets,
  FollowConfigOptions,
  FollowedConfig,
} from "@tollgate/config/on-demand";
import type { CurrentPricer } from "@tollgate/pricing";
import { loadFollower } from "./load-on-demand.ts";

/** Lets edits of the configuration's file count; `undefined` when there is no file. */
export function followFile(
  options: Omit<FollowConfigOptions, "apply">,
  budget: ConfiguredBudgets,
  pricer: CurrentPricer,
): FollowedConfig | undefined {
  if (options.config.sources.file === undefined) return undefined;
  return loadFollower()({
    ...options,
    apply(edited) {
      const replacePrices = pricer.prepare(edited.pricing);
      budget.applyConfig(edited);
      replacePrices();
    },
  });
}
