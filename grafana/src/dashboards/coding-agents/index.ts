import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "../dashboard.ts";
import { SECTIONS } from "./panels.ts";

export function codingAgents(): Dashboard {
  return dashboard({
    uid: "tollgate-coding-agents",
    title: "Tollgate / Coding agents",
    description: "What Claude Code, Codex, Gemini CLI and GitHub Copilot cost, and where.",
    sections: SECTIONS,
    from: "now-7d",
  });
}
