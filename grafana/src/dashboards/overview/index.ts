import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function overview(): Dashboard {
  return dashboard({
    uid: "tollgate-overview",
    title: "Tollgate / Overview",
    description: "What LLM calls cost, who spends it, and which limits are near.",
    sections: SECTIONS,
  });
}
