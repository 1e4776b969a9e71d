/** From probe points as written to probes: aliases are expanded first, the families of the catalogue know the rest. */
import type { Catalogue, PointPattern, ResolvedProbe, Target } from "../catalogue.js";
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { expandedName, matchAliases, type AliasMatch, type KnownAlias } from "./aliases.js";
import type { Unit } from "./globals.js";
import * as pointMessages from "./point_messages.js";
import { mostSimilar } from "./similar.js";
import { report, type Complaint } from "./messages.js";
import { expandWildcards, formsBesideArguments, hasWildcard } from "./wildcards.js";

/** A piece of an alias, with the text whose names it sees. */
interface Piece<Node> {
  readonly node: Node;
  readonly unit: Unit;
}

/** One probe that a written point stands for, with what the aliases on the way add. */
export interface ExpandedProbe {
  readonly point: string;
  readonly probe: ResolvedProbe;
  /** Run before the handler, in this order. */
  readonly prologues: readonly Piece<ast.Block>[];
  /** Run after the handler, in this order. */
  readonly epilogues: readonly Piece<ast.Block>[];
  /** All must hold. */
  readonly conditions: readonly Piece<ast.Expression>[];
}

export interface PointContext {
  readonly aliases: readonly KnownAlias[];
  readonly catalogue: Catalogue;
  readonly target: Target;
  readonly diagnostics: Diagnostics;
}

interface Expansion {
  readonly probes: ExpandedProbe[];
  readonly complaints: Complaint[];
}

/** Aliases of aliases can multiply beyond what any kernel could attach. */
const MAXIMUM_PROBES = 5_000;

/** The probes of a list of points; what does not resolve is complained about at the point where the user wrote it. */
export function resolvePoints(context: PointContext, points: readonly ast.ProbePoint[]): ExpandedProbe[] {
  const resolver = new Resolver(context);
  const resolved: ExpandedProbe[] = [];
  for (const point of points) {
    const { probes, complaints } = resolver.expand(point, null, [], []);
    resolved.push(...probes);
    if (point.sufficient && probes.length > 0) break;
    const [first] = complaints;
    if (first) report(context.diagnostics, point.span, first);
  }
  return resolved;
}

class Resolver {
  readonly #context: PointContext;
  #count = 0;

  constructor(context: PointContext) {
    this.#context = context;
  }

  /** `suffix` are components that a use of an alias adds to its points; `active` are the aliases being expanded. */
  expand(
    point: ast.ProbePoint,
    unit: Unit,
    suffix: readonly ast.ProbeComponent[],
    active: readonly ast.AliasDefinition[],
  ): Expansion {
    const components = [...point.components, ...suffix];
    const matches = matchAliases(this.#context.aliases, components);
    const expansion: Expansion = { probes: [], complaints: [] };
    for (const match of matches) merge(expansion, this.#expandAlias(match, active, point.span));
    // A wildcard may stand for aliases and for points of families at once.
    const { catalogue, target } = this.#context;
    const points = hasWildcard(components) ? expandWildcards(components, catalogue.families, target) : [];
    for (const each of points) merge(expansion, this.#resolve(each, point.span, active.length > 0));
    if (matches.length === 0 && points.length === 0)
      merge(expansion, this.#resolve(components, point.span, active.length > 0));
    const { condition } = point;
    return {
      probes: condition
        ? expansion.probes.map((probe) => ({ ...probe, conditions: [{ node: condition, unit }, ...probe.conditions] }))
        : expansion.probes,
      complaints: point.optional || point.sufficient ? [] : expansion.complaints,
    };
  }

  #expandAlias(match: AliasMatch, active: readonly ast.AliasDefinition[], span: Span): Expansion {
    const { alias, unit } = match.known;
    const expansion: Expansion = { probes: [], complaints: [] };
    if (active.includes(alias)) {
      expansion.complaints.push(pointMessages.recursiveAlias(expandedName(match), alias.span));
      return expansion;
    }
    if (this.#count > MAXIMUM_PROBES) {
      expansion.complaints.push(pointMessages.tooManyProbes(MAXIMUM_PROBES));
      return expansion;
    }
    for (const point of alias.points) {
      const inner = this.expand(point, unit, match.suffix, [...active, alias]);
      merge(expansion, inner);
      if (point.sufficient && inner.probes.length > 0) break;
    }
    const wrapped = expansion.probes.map((probe) => ({
      ...probe,
      prologues: alias.prologue ? [...probe.prologues, { node: alias.prologue, unit }] : probe.prologues,
      epilogues: alias.epilogue ? [{ node: alias.epilogue, unit }, ...probe.epilogues] : probe.epilogues,
    }));
    if (expansion.probes.length === 0 && expansion.complaints.length === 0) {
      expansion.complaints.push(pointMessages.emptyAlias(expandedName(match), span));
    }
    return { probes: wrapped, complaints: expansion.complaints };
  }

  #resolve(components: readonly ast.ProbeComponent[], span: Span, isInAlias: boolean): Expansion {
    const { catalogue, target } = this.#context;
    const pattern: PointPattern = {
      components: components.map(({ name, argument }) => ({ name, argument: argument?.value ?? null })),
    };
    this.#count++;
    const related = isInAlias ? span : null;
    for (const family of catalogue.families) {
      const resolution = family.resolve(pattern, target);
      if (resolution?.kind === "refused") {
        return { probes: [], complaints: [pointMessages.probeRefused(resolution.message, resolution.hint, related)] };
      }
      if (resolution) {
        const probes = resolution.probes.map(({ point, probe }) => ({
          point,
          probe,
          prologues: [],
          epilogues: [],
          conditions: [],
        }));
        return { probes, complaints: [] };
      }
    }
    const written = components.map(({ name }) => name).join(".");
    if (hasWildcard(components)) {
      const forms = formsBesideArguments(components, catalogue.families);
      return { probes: [], complaints: [pointMessages.noPointFits(written, forms, related)] };
    }
    return {
      probes: [],
      complaints: [pointMessages.noSuchProbe(written, nearbyPoints(written, this.#knownPoints()), related)],
    };
  }

  /** Points that can be written, without their arguments. */
  #knownPoints(): string[] {
    const forms = this.#context.catalogue.families.flatMap((family) => family.forms);
    const aliases = this.#context.aliases.flatMap(({ alias }) =>
      alias.names.map((name) => name.components.map((component) => component.name).join(".")),
    );
    return [...aliases, ...forms.map((form) => form.replace(/\([^)]*\)/g, ""))];
  }
}

function merge(into: Expansion, from: Expansion): void {
  into.probes.push(...from.probes);
  into.complaints.push(...from.complaints);
}

/** With a misspelt start put right, the point as it was written otherwise: `sycall.read` is near to `syscall.read`. */
function nearbyPoints(written: string, known: readonly string[]): readonly string[] {
  const startOf = (point: string): string => /^[^.]*/.exec(point)?.[0] ?? "";
  const start = startOf(written);
  const starts = new Set(known.map(startOf));
  const near = starts.has(start) ? null : mostSimilar(start, starts);
  return near === null ? known : [near + written.slice(start.length)];
}
