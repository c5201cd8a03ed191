import { isJsonObject, readLabel, type JsonObject } from "../json/read.ts";
import type { BlobPart, ContentPart, ToolDefinition, UnreadPart } from "./message.ts";

/** Reads one part of a message; `undefined` when there is nothing in it. */
export type ReadPart = (part: JsonObject) => ContentPart | readonly ContentPart[] | undefined;

/** Content that is one text, or a list of parts and texts. */
export function readContent(content: unknown, readPart: ReadPart): readonly ContentPart[] {
  if (typeof content === "string") return textParts("text", content);
  const list: readonly unknown[] = Array.isArray(content) ? content : [content];
  return list.flatMap((part) => {
    if (typeof part === "string") return textParts("text", part);
    return isJsonObject(part) ? (readPart(part) ?? []) : [];
  });
}

/** A part of a text, none when it is empty or no text. */
export function textParts(type: "text" | "reasoning", text: unknown): readonly ContentPart[] {
  return typeof text === "string" && text !== "" ? [{ type, content: text }] : [];
}

/** The reader that stands for a part's `type`. */
export function byType(
  readers: Readonly<Record<string, ReadPart>>,
  part: JsonObject,
): ReturnType<ReadPart> {
  const type = readLabel(part, "type") ?? "";
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  return read === undefined ? unreadPart(type) : read(part);
}

export function unreadPart(kind: string): UnreadPart {
  return { type: "unread", kind };
}

/** @param args - JSON text, as most APIs send it, or what it says. */
export function toolCallPart(from: {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly args: unknown;
}): ContentPart {
  const { id, name = "", args } = from;
  return { type: "tool_call", id, name, arguments: parsedArguments(args) };
}

function parsedArguments(args: unknown): unknown {
  if (typeof args !== "string") return args ?? undefined;
  try {
    return JSON.parse(args);
  } catch {
    return args === "" ? undefined : args;
  }
}

/** A function that the app runs, from the object that describes it. */
export function functionDefinition(
  described: JsonObject | undefined,
  parameters: unknown = described?.["parameters"],
): readonly ToolDefinition[] {
  const name = readLabel(described, "name");
  if (name === undefined) return [];
  const description = described?.["description"];
  return [
    {
      type: "function",
      name,
      ...(typeof description === "string" ? { description } : {}),
      ...(isJsonObject(parameters) ? { parameters } : {}),
    },
  ];
}

/**
 * A tool that the provider runs. Nothing else of it is read: such tools hold addresses, headers and tokens of
 * other services.
 */
export function serverToolDefinition(type: string, name: string = type): readonly ToolDefinition[] {
  return type === "" ? [] : [{ type, name }];
}

/** Inline media by a note of their kind and size. */
export function blobPart(
  base64: unknown,
  mimeType: string | undefined,
  modality?: string,
): BlobPart {
  return {
    type: "blob",
    modality: modality ?? modalityOf(mimeType),
    ...(mimeType === undefined ? {} : { mime_type: mimeType }),
    content: "",
    size_bytes: typeof base64 === "string" ? base64Bytes(base64) : 0,
  };
}

function base64Bytes(text: string): number {
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}

export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split("/")[0] ?? "";
  return ["image", "audio", "video"].includes(kind) ? kind : "document";
}

const DATA_URL = /^data:([^;,]{0,100})([^,]{0,200}),/;

/** Media by their address, which may be a data URL. */
export function mediaPart(url: unknown, modality: string, mimeType?: string): ContentPart {
  if (typeof url !== "string") return unreadPart(modality);
  if (!url.startsWith("data:")) {
    const uri = withoutSecrets(url);
    return { type: "uri", modality, ...(mimeType ? { mime_type: mimeType } : {}), uri };
  }
  const [head = "", named] = DATA_URL.exec(url.slice(0, 400)) ?? [];
  return blobPart(url.slice(head.length), mimeType ?? (named || undefined), modality);
}

const MAX_URI_LENGTH = 2_048;

/** Keys and signatures stand in queries, and passwords before the host. */
function withoutSecrets(uri: string): string {
  const [address = ""] = uri.slice(0, MAX_URI_LENGTH).split(/[?#]/, 1);
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}

export function filePart(fileId: unknown, modality: string): ContentPart {
  return typeof fileId === "string"
    ? { type: "file", modality, file_id: fileId.slice(0, MAX_URI_LENGTH) }
    : unreadPart(modality);
}
