import type { Attributes, AttributeValue, Origin } from "../otlp/records.ts";

/** Which process sent it, as far as its resource says. Senders of two tenants are never one. */
export function senderOf({ resource }: Origin, organization: string | undefined): string {
  const parts = [
    organization,
    textOf(resource, "service.namespace"),
    textOf(resource, "service.name"),
    textOf(resource, "service.instance.id"),
    textOf(resource, "host.name"),
    textOf(resource, "process.pid"),
  ];
  return parts.map((part) => part ?? "").join("|");
}

function textOf(attributes: Attributes, name: string): string | undefined {
  const value: AttributeValue | undefined = attributes[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** What {@link senderOf} looks at. */
export const SENDER_ATTRIBUTES: readonly string[] = [
  "service.namespace",
  "service.name",
  "service.instance.id",
  "host.name",
  "process.pid",
];
