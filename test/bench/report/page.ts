/** docs/performance.md: prose by hand, figures between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. */

/**
 * Puts new text into the named blocks of a page; all else stays.
 *
 * @throws Error that names a block the page does not have.
 */
export function fillBlocks(page: string, blocks: ReadonlyMap<string, string>): string {
  let filled = page;
  for (const [name, text] of blocks) {
    const start = `<!-- bench:${name} -->`;
    const end = `<!-- /bench:${name} -->`;
    const from = filled.indexOf(start);
    const to = filled.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the page has no block ${start} … ${end}`);
    filled = `${filled.slice(0, from + start.length)}\n\n${fenced(text)}\n\n${filled.slice(to)}`;
  }
  return filled;
}

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
