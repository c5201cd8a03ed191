const WIDTH = 150;

/** Text in lines, none longer than it must be. */
export function wrap(text: string, indent = ""): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && indent.length + longer.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each, at) => (at === 0 ? each : indent + each));
}

/** A list item of Markdown. */
export function bullet(text: string): readonly string[] {
  return wrap(`- ${text}`, "  ");
}
