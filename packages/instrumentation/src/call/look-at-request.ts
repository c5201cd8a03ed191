import { currentMeteredUrl } from "@tollgate/core";
import { BAGGAGE_PREFIX } from "@tollgate/core/semconv";
import {
  injectUsageOption,
  matchCall,
  needsUsageOption,
  type Endpoint,
  type MatchedCall,
} from "@tollgate/wire";
import { diag } from "@opentelemetry/api";
import type { ContentCapture } from "../content/content-capture.ts";
import { guarded } from "../tap/guarded.ts";
import type { OutgoingCall } from "./call.ts";
import type { RequestKind } from "./client-kind.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { createRequestCap } from "./request-cap.ts";
import { hasOurBaggage } from "./resolve-attribution.ts";

/** A request that concerns us. */
export interface Looked<Init> {
  readonly call: OutgoingCall;
  /** What to send it with: what the app gave, or the same with another body. */
  readonly init: Init;
  /** The same with a limit on its output; `undefined` when none can be put there. */
  capped(maxOutputTokens: number): Init | undefined;
}

export interface LookOptions {
  readonly endpoints?: readonly Endpoint[] | undefined;
  readonly injectUsage?: boolean | undefined;
  /** Whether somebody asks now which requests are identical. @defaultValue nobody does */
  readonly fingerprints?: (() => boolean) | undefined;
}

type MaybePromise<Value> = Value | Promise<Value>;

export type Look = <Input, Init>(
  requests: RequestKind<Input, Init>,
  input: Input,
  init: Init,
) => MaybePromise<Looked<Init> | undefined>;

/** Tells which requests are LLM calls; cheap for all that are not. */
export function createLook(
  { endpoints, injectUsage = true, fingerprints = nobody }: LookOptions,
  capture?: ContentCapture,
): Look {
  const findMatch = rememberMatches(endpoints);
  return (requests, input, init) => {
    const url = requests.url(input, init);
    const match = findMatch(requests.method(input, init), url);
    if (match === undefined || currentMeteredUrl() === url) return undefined;
    const body = requests.body(input, init);
    const about = { injectUsage, fingerprints: fingerprints(), capture };
    const asked = { requests, input, init, url, match, ...about };
    return body instanceof Promise
      ? body.then((text) => guarded("reading a request", () => describe(asked, text)))
      : describe(asked, body);
  };
}

const nobody = (): boolean => false;

const MAX_KNOWN = 256;

/** An app calls the same few URLs over and over: only what matches is kept, so that no other URL takes its place. */
function rememberMatches(endpoints: readonly Endpoint[] | undefined): typeof matchCall {
  const known = new Map<string, MatchedCall>();
  return (method, url) => {
    const href = String(url);
    const seen = method === "POST" ? known.get(href) : undefined;
    if (seen !== undefined) return seen;
    const match = matchCall(method, href, endpoints);
    if (match === undefined) return undefined;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(href, match);
    return match;
  };
}

/** A request with another body than the app's. */
interface Sent<Init> {
  readonly body: string;
  readonly init: Init;
}

interface Asked<Input, Init> {
  readonly requests: RequestKind<Input, Init>;
  readonly input: Input;
  readonly init: Init;
  readonly url: string;
  readonly match: MatchedCall;
  readonly injectUsage: boolean;
  readonly fingerprints: boolean;
  readonly capture: ContentCapture | undefined;
}

function describe<Input, Init>(
  asked: Asked<Input, Init>,
  body: string | undefined,
): Looked<Init> | undefined {
  const { requests, input, init, url, match } = asked;
  const request = isEvidence(match, body) ? match.api.readRequest(body, match.path) : undefined;
  if (request === undefined) {
    const where = `${match.serverAddress}${match.path}`;
    diag.debug(`tollgate: ${where} looks like ${match.api.id}, but its body does not: not metered`);
    return undefined;
  }
  const asking = request.streaming && asked.injectUsage ? askingForUsage(asked, body) : undefined;
  const cap = createRequestCap(asked, asking?.body ?? body, request.model);
  const resendCount = requests.resendCount(input, init);
  const call: OutgoingCall = {
    url,
    match,
    request,
    resendCount,
    signal: requests.signal(input, init),
    usageHidden: asking !== undefined,
    cap,
    content: asked.capture?.open(match, body),
    fingerprint: asked.fingerprints ? fingerprint(url, body, resendCount) : undefined,
  };
  const send = (sent: Init): Init => withoutOurBaggage(requests, input, sent);
  return {
    call,
    init: send(asking?.init ?? init),
    capped(maxOutputTokens) {
      const capped = cap?.put(maxOutputTokens);
      return capped === undefined ? undefined : send(capped);
    },
  };
}

/** A client that tries again is no loop of the app's. */
function fingerprint(
  url: string,
  body: string | undefined,
  resendCount: number | undefined,
): string | undefined {
  return body === undefined || resendCount ? undefined : fingerprintOf(url, body);
}

/** Providers are not to see it. */
function withoutOurBaggage<Input, Init>(
  requests: RequestKind<Input, Init>,
  input: Input,
  init: Init,
): Init {
  if (!hasOurBaggage()) return init;
  return requests.withoutBaggage?.(input, init, BAGGAGE_PREFIX) ?? init;
}

/** A path alone is none: an app may post a form to `/responses` of its own. */
function isEvidence(match: MatchedCall, body: string | undefined): boolean {
  return body !== undefined || match.hostKnown;
}

function askingForUsage<Input, Init>(
  { requests, input, init, url, match }: Asked<Input, Init>,
  body: string | undefined,
): Sent<Init> | undefined {
  if (body === undefined || !needsUsageOption(match, url)) return undefined;
  const asking = injectUsageOption(body);
  const asked = asking === undefined ? undefined : requests.withBody?.(input, init, asking);
  return asking === undefined || asked === undefined ? undefined : { body: asking, init: asked };
}
