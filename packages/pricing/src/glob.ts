/** Whether a text fits a pattern in which `*` stands for any characters and `?` for any one. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = glob.toLowerCase();
  const wanted = text.trim().toLowerCase();
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < wanted.length) {
    if (pattern[inPattern] === "*") {
      star = inPattern++;
      afterStar = at;
    } else if (inPattern < pattern.length && isSame(pattern[inPattern], wanted[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++afterStar;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

function isSame(pattern: string | undefined, character: string | undefined): boolean {
  return pattern === "?" || pattern === character;
}
