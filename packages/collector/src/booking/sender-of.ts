import type { Attributes, AttributeValue, Origin } from "../otlp/records.ts";

/**
 * Who sent it: what the dialect names, such as a session, else the process, as far as its resource says.
 *
 * @param tenant - whom its token is for: senders of two tenants are never one. What attributes say of the organisation does not
 *   matter, since not all signals of a sender need say it.
 */
export function senderOf(
  { resource }: Origin,
  named: string | undefined,
  tenant: string | undefined,
): string {
  const parts =
    named === undefined ? SENDER_ATTRIBUTES.map((name) => textOf(resource, name)) : [named];
  return [tenant, ...parts].map((part) => part ?? "").join("|");
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
