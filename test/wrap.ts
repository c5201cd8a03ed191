const WIDTH = 150;

/** A list item of Markdown, in lines none longer than it must be. */
export function bullet(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "-";
  for (const word of text.split(" ")) {
    if (line.length + word.length >= WIDTH) {
      lines.push(line);
      line = ` `;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
