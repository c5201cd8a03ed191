/**
 * Bedrock's runtime paths: `/model/{modelId}/{action}`, the id percent-encoded as one segment, though
 * some clients leave the slash of an ARN as it is.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html
 */
export function isModelPath(path: string, action: string): boolean {
  return path.endsWith(`/${action}`) && modelSegment(path, action) !== undefined;
}

const PREFIX = "/model/";
/** AWS's own inference profiles and models are named in their ARNs; what a customer made is not. */
const NAMED_ARN = /^arn:[^:]*:bedrock:[^:]*:[^:]*:(?:foundation-model|inference-profile)\/(.+)$/;

/** The model a path names; an ARN that says which model it is about is reduced to that. */
export function modelOfPath(path: string | undefined, action: string): string | undefined {
  const segment = path === undefined ? undefined : modelSegment(withoutSlash(path), action);
  return segment === undefined ? undefined : modelOfArn(decode(segment));
}

/** @returns anything that is no such ARN as it is. */
export function modelOfArn(id: string): string {
  return NAMED_ARN.exec(id)?.[1] ?? id;
}

function modelSegment(path: string, action: string): string | undefined {
  const end = path.length - action.length - 1;
  const start = path.indexOf(PREFIX) + PREFIX.length;
  return start < PREFIX.length || start >= end ? undefined : path.slice(start, end);
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
