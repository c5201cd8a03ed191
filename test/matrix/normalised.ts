/** Ids, ports and times differ from run to run; everything else is compared letter by letter. */
export function normalised(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "uuid")
    .replaceAll(/[0-9a-f]{16,}/g, "id")
    .replaceAll(/("(?:id|toolCallId)\\*":\\*")(?:[A-Za-z0-9]{16}|[0-9a-f]{9})(?=\\*")/g, "$1id")
    .replaceAll(/\b(aitxt|aiobj|call|msg|step)-[A-Za-z0-9]{16,}/g, "$1-id")
    .replaceAll(/((?:created|created_at|createdAt|completed_at|updated)\\*": ?)\d+/g, "$10")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "date")
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, "date")
    .replaceAll(/formdata-undici-\d+|form-data-boundary-\w+/g, "boundary")
    .replaceAll(/127\.0\.0\.1:\d+/g, "host")
    .replaceAll(/(\\*"obfuscation\\*":\\*")[^"\\]*/g, "$1");
}
