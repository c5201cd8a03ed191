import type { DescribedVendor } from "@tollgate/wire/providers";
import { formatTable } from "../markdown-table.ts";

/** Which vendors there are, and what they speak. */
export function overviewTable(vendors: readonly DescribedVendor[]): readonly string[] {
  return formatTable(
    ["vendor", "`gen_ai.provider.name`", "APIs"],
    vendors.map(({ name, provider, apis }) => [name, `\`${provider}\``, apisInWords(apis)]),
  );
}

/** How they are known, and what is particular to them. */
export function hostsTable(vendors: readonly DescribedVendor[]): readonly string[] {
  return formatTable(
    ["vendor", "hosts", "usage of streams", "billed cost"],
    vendors.map(({ name, hosts, apis, streamUsage, costField }) => [
      name,
      hosts.map((host) => `\`${host}\``).join(", "),
      apis.some((api) => api === "openai.chat" || api === "openai.*") ? streamUsage : "",
      costField === undefined ? "" : `\`${costField}\``,
    ]),
  );
}

/** "**openai** chat, responses; **anthropic** messages". */
function apisInWords(apis: readonly string[]): string {
  const families = new Map<string, string[]>();
  for (const api of apis) {
    const dot = api.indexOf(".");
    const family = dot < 0 ? api : api.slice(0, dot);
    const name =
      dot < 0
        ? ""
        : api
            .slice(dot + 1)
            .replace("*", "all")
            .replaceAll("_", " ");
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  return [...families]
    .map(([family, names]) => `**${family.replaceAll("_", " ")}** ${names.join(", ")}`.trim())
    .join("; ");
}
