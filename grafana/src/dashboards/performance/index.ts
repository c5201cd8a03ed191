import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function performance(): Dashboard {
  return dashboard({
    uid: "tollgate-performance",
    title: "Tollgate / Performance",
    description: "How long calls take, how fast answers come, and what fails.",
    sections: SECTIONS,
    from: "now-6h",
  });
}
