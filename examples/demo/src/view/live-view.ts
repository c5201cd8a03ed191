import type { WriteStream } from "node:tty";
import { stripVTControlCharacters, styleText } from "node:util";
import { renderScreen } from "./screen.ts";
import type { View } from "./state.ts";

/** Terminal control, ECMA-48 and xterm: other screen, cursor, lines; synchronised output. */
const ENTER = "\u001B[?1049h\u001B[?25l";
const LEAVE = "\u001B[?25h\u001B[?1049l";
const HOME = "\u001B[H";
const CLEAR_LINE = "\u001B[K";
const CLEAR_BELOW = "\u001B[J";
const BEGIN_FRAME = "\u001B[?2026h";
const END_FRAME = "\u001B[?2026l";

/** Behind a full line the cursor still stands on its last character, which clearing would take. */
function clearRest(line: string, columns: number): string {
  return stripVTControlCharacters(line).length < columns ? line + CLEAR_LINE : line;
}

/** Draws over the last frame without clearing it first, so that nothing flickers. */
export function createLiveView(terminal: WriteStream): View {
  let open = true;
  terminal.write(ENTER);
  return {
    event: () => undefined,
    update(state) {
      if (!open) return;
      const size = { columns: terminal.columns || 80, rows: terminal.rows || 24 };
      const lines = renderScreen(state, size, (format, text) =>
        styleText(format, text, { stream: terminal }),
      );
      const frame = lines.map((line) => clearRest(line, size.columns)).join("\r\n");
      terminal.write(BEGIN_FRAME + HOME + frame + CLEAR_BELOW + END_FRAME);
    },
    close() {
      if (!open) return;
      open = false;
      terminal.write(LEAVE);
    },
  };
}
