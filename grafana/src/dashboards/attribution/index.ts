import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function attribution(): Dashboard {
  return dashboard({
    uid: "tollgate-attribution",
    title: "Tollgate / Cost attribution",
    description: "Who spends: organisations, their projects, their agents, and what a task costs.",
    sections: SECTIONS,
  });
}
