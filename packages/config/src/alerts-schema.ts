import * as z from "zod";

/** What a webhook is told of. */
export type WebhookEvent = "threshold" | "runaway" | "deny" | "throttle";

/** Where alerts go, as people write it. */
export interface WebhookConfig {
  /** `https:` or `http:`. */
  readonly url: string;
  /** Signs the deliveries: text, or `whsec_` and base64. */
  readonly secret?: string | undefined;
  /** The environment variable that holds it. */
  readonly secretEnv?: string | undefined;
  /** @defaultValue `[threshold, runaway]` */
  readonly events?: readonly WebhookEvent[] | undefined;
}

export interface AlertsConfig {
  readonly webhooks: readonly WebhookConfig[];
}

const EVENTS: readonly WebhookEvent[] = ["threshold", "runaway", "deny", "throttle"];
const EVENTS_HINT = `write a list of ${EVENTS.join(", ")}`;
const EVENT_HINT = `write one of ${EVENTS.join(", ")}`;
const URL_HINT = "write a URL that begins with https:// or http://";
const SECRET_HINT = "write at least 16 characters, or name a variable in secretEnv";
const ENV_HINT = "name an environment variable, such as TEAM_WEBHOOK_SECRET";

const webhookSchema: z.ZodType<WebhookConfig, WebhookConfig> = z
  .strictObject(
    {
      url: z.url({ protocol: /^https?$/, error: URL_HINT }),
      secret: z.string({ error: SECRET_HINT }).min(16, SECRET_HINT).optional(),
      secretEnv: z
        .string({ error: ENV_HINT })
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, ENV_HINT)
        .refine(
          (name) => !name.startsWith("TOLLGATE_"),
          "TOLLGATE_ variables are settings; take another name",
        )
        .optional(),
      events: z
        .array(z.enum(EVENTS, { error: EVENT_HINT }), { error: EVENTS_HINT })
        .min(1, EVENTS_HINT)
        .optional(),
    },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys" ? undefined : "write a map, such as url: https://…",
    },
  )
  .refine(({ secret, secretEnv }) => secret === undefined || secretEnv === undefined, {
    path: ["secretEnv"],
    message: "there is a secret already; leave one of them out",
  });

export const alertsSchema: z.ZodType<
  AlertsConfig,
  { readonly webhooks?: readonly WebhookConfig[] | undefined }
> = z.strictObject({
  webhooks: z.array(webhookSchema, { error: "write a list of webhooks" }).default([]),
});
