/** @returns lists of numbers written as JSON. @throws Error when the text is something else. */
export function parseNumberLists(text: string): number[][] {
  const lists: unknown = JSON.parse(text);
  if (!Array.isArray(lists)) throw new Error(`no list: ${text}`);
  return lists.map((list: unknown) => {
    if (!Array.isArray(list)) throw new Error(`no list of lists: ${text}`);
    return list.map(Number);
  });
}
