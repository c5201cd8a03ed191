/**
 * Whether a text matches a pattern in which `*` stands for any run of characters, an empty one
 * included, and everything else for itself.
 *
 * Takes pattern length × text length steps at worst: the values come from callers, so a regular
 * expression that backtracks will not do.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let lastStar = -1;
  let lastStarText = 0;
  while (inText < text.length) {
    if (pattern[at] === "*") {
      lastStar = at++;
      lastStarText = inText;
    } else if (pattern[at] === text[inText]) {
      at++;
      inText++;
    } else if (lastStar >= 0) {
      at = lastStar + 1;
      inText = ++lastStarText;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Whether a pattern may match more than one text. */
export function isGlob(pattern: string): boolean {
  return pattern.includes("*");
}
