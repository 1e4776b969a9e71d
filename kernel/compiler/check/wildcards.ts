/**
 * Wildcards in the components of probe points: `*` and `?` stand for parts of one component, `**` for any number of components, and
 * none of them for an argument: `process("sh").*` is `process("sh").begin` and its like, and not `process("sh").mark("…")`.
 */
import type { ProbeFamily, Target } from "../catalogue.js";
import type * as ast from "../syntax/ast.js";

type Components = readonly ast.ProbeComponent[];

export function hasWildcard(components: Components): boolean {
  return components.some(({ name }) => /[*?]/.test(name));
}

/** Whether one component's name fits; `*` and `**` are the same here. */
export function fitsName(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*+/g, ".*").replaceAll("?", ".")}$`, "s").test(name);
}

/** Every way to write the pattern as so many components, with `*` where `**` was. */
export function* spread(pattern: Components, length: number): Generator<Components> {
  const [first, ...rest] = pattern;
  if (!first || length === 0) {
    if (!first && length === 0) yield [];
    return;
  }
  const stars = /^(?<before>.*?)\*{2,}(?<after>.*)$/s.exec(first.name)?.groups;
  if (stars === undefined) {
    for (const others of spread(rest, length - 1)) yield [first, ...others];
    return;
  }
  const { before = "", after = "" } = stars;
  yield* spread([{ ...first, name: `${before}*${after}` }, ...rest], length);
  // What is in brackets is behind the last component of them.
  const next = [{ ...first, name: `**${after}` }, ...rest];
  for (const others of spread(next, length - 1)) yield [{ ...first, name: `${before}*`, argument: null }, ...others];
}

/** A component of a form as a family writes it: `timer`, `s(N)`, `NAME`. */
interface FormComponent {
  readonly name: string;
  readonly hasArgument: boolean;
  /** It stands for names that the family can tell. */
  readonly isPlaceholder: boolean;
}

function readForm(form: string): readonly FormComponent[] {
  return Array.from(form.matchAll(/(\w+)(\([^)]*\))?\.?/g), ([, name = "", argument]) => ({
    name,
    hasArgument: argument !== undefined,
    isPlaceholder: argument === undefined && /^[A-Z]+$/.test(name),
  }));
}

/** The points of the families that a pattern stands for, by the forms in which each family writes its own. */
export function expandWildcards(
  pattern: Components,
  families: readonly ProbeFamily[],
  target: Target,
): readonly Components[] {
  const points = new Map<string, Components>();
  for (const family of families) {
    for (const form of family.forms.map(readForm)) {
      for (const point of spread(pattern, form.length)) {
        for (const named of nameAll(point, form, family, target)) {
          points.set(named.map(({ name, argument }) => `${name}(${argument?.value ?? ""})`).join("."), named);
        }
      }
    }
  }
  return [...points.values()];
}

/** Forms that would fit if their arguments were written. */
export function formsBesideArguments(pattern: Components, families: readonly ProbeFamily[]): readonly string[] {
  return families.flatMap(({ forms }) =>
    forms.filter((text) => {
      const form = readForm(text);
      const names = (point: Components): boolean => point.every(({ name }, at) => fitsName(name, form[at]!.name));
      return form.some(({ hasArgument }) => hasArgument) && [...spread(pattern, form.length)].some(names);
    }),
  );
}

/** The point with the form's names in place of wildcards; nothing where it is none of the form. */
function nameAll(
  point: Components,
  form: readonly FormComponent[],
  family: ProbeFamily,
  target: Target,
): readonly Components[] {
  const fits = point.every(({ name, argument }, at) => {
    const { name: own, hasArgument, isPlaceholder } = form[at]!;
    if (!/[*?]/.test(name)) return name === own || (isPlaceholder && argument === null);
    return !hasArgument && argument === null && (isPlaceholder || fitsName(name, own));
  });
  if (!fits) return [];
  const named = point.map((component, at) => {
    const { name, isPlaceholder } = form[at]!;
    return isPlaceholder ? component : { ...component, name };
  });
  const first = form.findIndex(({ isPlaceholder }) => isPlaceholder);
  if (first < 0) return [named];
  const last = form.findLastIndex(({ isPlaceholder }) => isPlaceholder);
  const known = namesBetween(form, first, last, family, target).filter((names) =>
    names.every((name, index) => fitsName(named[first + index]!.name, name)),
  );
  if (known.length === 0) return [];
  if (family.resolvesWildcards) return [named];
  return known.map((names) =>
    named.map((component, at) => ({ ...component, name: names[at - first] ?? component.name })),
  );
}

/** What the family has for the components of a form from one to another. */
function namesBetween(
  form: readonly FormComponent[],
  first: number,
  last: number,
  family: ProbeFamily,
  target: Target,
): readonly (readonly string[])[] {
  const start = form.slice(0, first).map(({ name }) => `${name}.`);
  return (family.complete?.(start.join(""), target) ?? [])
    .map((text) => text.split("."))
    .filter((names) => names.length === last + 1)
    .map((names) => names.slice(first));
}
