/** Messages in AWS's framing. The checksums are left empty: no reader of ours looks at them. */

function frame(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  const encoder = new TextEncoder();
  const parts = Object.entries(headers).map(([name, value]) => {
    const [nameBytes, valueBytes] = [encoder.encode(name), encoder.encode(value)];
    const [high, low] = [valueBytes.length >> 8, valueBytes.length & 0xff];
    return Uint8Array.of(nameBytes.length, ...nameBytes, 7, high, low, ...valueBytes);
  });
  return assemble(joinBytes(parts), encoder.encode(payload));
}

export function assemble(headers: Uint8Array, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + headers.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, headers.length);
  bytes.set(headers, 12);
  bytes.set(payload, 12 + headers.length);
  return bytes;
}

export function event(type: string, payload: object): Uint8Array {
  return frame(
    { ":event-type": type, ":content-type": "application/json", ":message-type": "event" },
    JSON.stringify(payload),
  );
}

/** A model maker's own event, as InvokeModelWithResponseStream carries it. */
export function chunk(payload: object): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  return event("chunk", { bytes: btoa(String.fromCharCode(...bytes)), p: "abcd" });
}

export function exception(type: string, message: string): Uint8Array {
  return frame(
    { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
    JSON.stringify({ message }),
  );
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
