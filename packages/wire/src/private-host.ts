/** Loopback, private networks and names that only mean something inside of one. */
const PRIVATE =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[(?:::1|f[cd])|[^.:[\]]+$|.*\.(?:local|localhost|internal|lan|home\.arpa|svc)$|.*\.svc\.)/;

/** Whether a host is one of the caller's own. @param hostname - as a URL has it, in lower case. */
export function isPrivateHost(hostname: string): boolean {
  return PRIVATE.test(hostname);
}
