/**
 * Signatures of the Standard Webhooks specification
 * (https://github.com/standard-webhooks/standard-webhooks, signature scheme `v1`): HMAC-SHA256 over
 * `id.timestamp.body`, so that its libraries verify them in every language.
 */
export const WEBHOOK_ID_HEADER = "webhook-id";
export const WEBHOOK_TIMESTAMP_HEADER = "webhook-timestamp";
export const WEBHOOK_SIGNATURE_HEADER = "webhook-signature";

const DEFAULT_TOLERANCE_MS = 300_000;

export type WebhookKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** @param timestampS - seconds since the epoch. */
export async function signWebhook(
  key: WebhookKey,
  id: string,
  timestampS: number,
  body: string,
): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", key, signedBytes(id, `${timestampS}`, body));
  return `v1,${toBase64(new Uint8Array(signature))}`;
}

/** A secret is the bytes of the text; one that begins with `whsec_`, those of the base64 after it. */
export async function importSecret(secret: string): Promise<WebhookKey> {
  const prefix = "whsec_";
  const bytes = secret.startsWith(prefix)
    ? fromBase64(secret.slice(prefix.length))
    : new TextEncoder().encode(secret);
  if (bytes === undefined || bytes.length === 0) {
    throw new TypeError("A webhook secret is text, or whsec_ and base64");
  }
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
}

export interface ReceivedWebhook {
  readonly secret: string;
  /** Looks a header up by its lower-case name. */
  readonly header: (name: string) => string | null | undefined;
  /** As it came, before any parsing. */
  readonly body: string;
  /** @defaultValue the system's time */
  readonly nowMs?: number | undefined;
  /** How far its time may be from now. @defaultValue five minutes */
  readonly toleranceMs?: number | undefined;
}

export type WebhookVerdict =
  /** Deliveries are repeated until they are answered: do what `id` asks for once. */
  | { readonly genuine: true; readonly id: string; readonly sentAtMs: number }
  | { readonly genuine: false; readonly why: string };

/**
 * For receivers: whether a delivery was signed with the secret, and not long ago.
 *
 * @example await verifyWebhook({ secret, header: (name) => request.headers.get(name), body })
 */
export async function verifyWebhook(received: ReceivedWebhook): Promise<WebhookVerdict> {
  const { secret, header, body, nowMs = Date.now() } = received;
  const { toleranceMs = DEFAULT_TOLERANCE_MS } = received;
  const id = header(WEBHOOK_ID_HEADER);
  const timestamp = header(WEBHOOK_TIMESTAMP_HEADER);
  const signatures = header(WEBHOOK_SIGNATURE_HEADER);
  if (!id || !timestamp || !signatures) return { genuine: false, why: "a header is missing" };
  if (!/^\d{1,12}$/.test(timestamp)) return { genuine: false, why: "its time is no time" };
  const sentAtMs = Number(timestamp) * 1_000;
  if (Math.abs(nowMs - sentAtMs) > toleranceMs)
    return { genuine: false, why: "it is too old or new" };

  const key = await importSecret(secret);
  const signed = signedBytes(id, timestamp, body);
  for (const signature of signatures.split(" ")) {
    const bytes = signature.startsWith("v1,") ? fromBase64(signature.slice(3)) : undefined;
    // oxlint-disable-next-line no-await-in-loop -- there is one, or two while a secret is changed
    if (bytes !== undefined && (await crypto.subtle.verify("HMAC", key, bytes, signed))) {
      return { genuine: true, id, sentAtMs };
    }
  }
  return { genuine: false, why: "no signature fits" };
}

function signedBytes(id: string, timestampS: string, body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${id}.${timestampS}.${body}`);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
