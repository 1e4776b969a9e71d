/** How the preprocessor compares versions and matches wildcards. */

/** Negative, zero or positive; runs of digits compare as numbers, so that 6.9 is less than 6.10. */
export function compareVersions(left: string, right: string): number {
  const [lefts, rights] = [splitVersion(left), splitVersion(right)];
  for (let index = 0; index < Math.max(lefts.length, rights.length); index++) {
    const order = compareParts(lefts[index] ?? "", rights[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function splitVersion(version: string): readonly string[] {
  return version.match(/[0-9]+|[^0-9]+/g) ?? [];
}

function compareParts(left: string, right: string): number {
  if (/^[0-9]/.test(left) && /^[0-9]/.test(right)) {
    const [first, second] = [left.replace(/^0+/, ""), right.replace(/^0+/, "")];
    if (first.length !== second.length) return first.length - second.length;
    return first < second ? -1 : first > second ? 1 : 0;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `*` any text, `?` any character, `[a-z]` and `[!a-z]` one of a set. Linear in text times pattern. */
export function matchesWildcard(text: string, pattern: string): boolean {
  const parts = pattern.match(/\[!?\]?[^\]]*\]|[^]/g) ?? [];
  let position = 0;
  let part = 0;
  let star = -1;
  let starPosition = 0;
  while (position < text.length) {
    const present = parts[part];
    if (present === "*") {
      star = part++;
      starPosition = position;
    } else if (present !== undefined && matchesPart(text.charAt(position), present)) {
      position++;
      part++;
    } else if (star >= 0) {
      part = star + 1;
      position = ++starPosition;
    } else return false;
  }
  while (parts[part] === "*") part++;
  return part === parts.length;
}

function matchesPart(character: string, part: string): boolean {
  if (part === "?" || part === character) return true;
  if (part.length < 3) return false;
  const negated = part[1] === "!";
  const set = part.slice(negated ? 2 : 1, -1);
  let found = false;
  for (let index = 0; index < set.length; index++) {
    const low = set.charAt(index);
    const isRange = set[index + 1] === "-" && index + 2 < set.length;
    const high = isRange ? set.charAt(index + 2) : low;
    if (character >= low && character <= high) found = true;
    if (isRange) index += 2;
  }
  return found !== negated;
}
