import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function pipeline(): Dashboard {
  return dashboard({
    uid: "tollgate-pipeline",
    title: "Tollgate / Pipeline health",
    description:
      "Whether the figures can be trusted: prices, estimates, series, the collector, the store.",
    sections: SECTIONS,
    from: "now-6h",
  });
}
