import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function efficiency(): Dashboard {
  return dashboard({
    uid: "tollgate-efficiency",
    title: "Tollgate / Efficiency",
    description: "What a token, a call and a run cost, and what the cache saves.",
    sections: SECTIONS,
  });
}
