/** What a script declares, sorted by kind, and the globals that its names may mean. */
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import type { KnownDefinitions } from "./definitions.js";
import { Globals, GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";

/** The items of a script by kind. */
export interface Declarations {
  readonly probes: readonly ast.ProbeDefinition[];
  readonly aliases: readonly ast.AliasDefinition[];
  readonly functions: readonly ast.FunctionDefinition[];
  readonly globals: readonly ast.GlobalVariableDeclaration[];
  readonly statements: readonly ast.Statement[];
  readonly embedded: readonly ast.EmbeddedCode[];
}

export function sortItems(script: ast.Script): Declarations {
  const declarations = {
    probes: [] as ast.ProbeDefinition[],
    aliases: [] as ast.AliasDefinition[],
    functions: [] as ast.FunctionDefinition[],
    globals: [] as ast.GlobalVariableDeclaration[],
    statements: [] as ast.Statement[],
    embedded: [] as ast.EmbeddedCode[],
  };
  for (const item of script.items) {
    if (item.kind === "probe") declarations.probes.push(item);
    else if (item.kind === "alias") declarations.aliases.push(item);
    else if (item.kind === "function") declarations.functions.push(item);
    else if (item.kind === "global") declarations.globals.push(...item.variables);
    else if (item.kind === "statement") declarations.statements.push(item.statement);
    else declarations.embedded.push(item);
  }
  return declarations;
}

/** Names that a script cannot write, so that no global of its own can be taken for one of the tapset's. */
function tapsetKey(script: ast.Script, declaration: ast.GlobalVariableDeclaration, isPrivate: boolean): string {
  return isPrivate ? `tapset.${script.span.source.name}.${declaration.name}` : `tapset.${declaration.name}`;
}

/** The globals of earlier cells, those of this script in their place where both have a name, and the tapset's. */
export function declareGlobals(
  declarations: readonly ast.GlobalVariableDeclaration[],
  session: KnownDefinitions,
  prelude: readonly ast.Script[],
  diagnostics: Diagnostics,
): Globals {
  const fresh = new Map<string, GlobalSymbol>();
  for (const declaration of declarations) {
    const other = fresh.get(declaration.name);
    if (other)
      messages.report(diagnostics, declaration.span, messages.declaredTwice(declaration.name, other.declaredAt));
    else fresh.set(declaration.name, declareFresh(declaration, diagnostics));
  }
  const user = new Map<string, GlobalSymbol>();
  for (const known of session.globals.values()) {
    if (!known.name.startsWith("tapset.")) user.set(known.name, GlobalSymbol.remember(known, known.name, false));
  }
  for (const [name, symbol] of fresh) user.set(name, symbol);
  const tapset = new Map<ast.Script, Map<string, GlobalSymbol>>();
  const visible = new Map<string, GlobalSymbol>();
  for (const script of prelude) {
    const own = new Map<string, GlobalSymbol>();
    for (const item of script.items) {
      if (item.kind !== "global") continue;
      for (const declaration of item.variables) {
        const key = tapsetKey(script, declaration, item.isPrivate);
        const known = session.globals.get(key);
        const symbol = known
          ? GlobalSymbol.remember(known, declaration.name, true)
          : GlobalSymbol.declare(declaration, key, true);
        own.set(declaration.name, symbol);
        if (!item.isPrivate) visible.set(declaration.name, symbol);
      }
    }
    tapset.set(script, own);
  }
  return new Globals(user, tapset, visible);
}

function declareFresh(declaration: ast.GlobalVariableDeclaration, diagnostics: Diagnostics): GlobalSymbol {
  const { name, size, wrap, initial } = declaration;
  const isInitialisedArray = initial !== null && (size !== null || wrap);
  if (isInitialisedArray) messages.report(diagnostics, initial.span, messages.initialisedArray(name));
  return GlobalSymbol.declare(isInitialisedArray ? { ...declaration, initial: null } : declaration, name, false);
}

/** Values given from outside (`-G name=value`) win over initialisers; they also tell a type that nothing else tells. */
export function applyGlobalValues(
  globals: Globals,
  values: ReadonlyMap<string, string>,
  place: Span,
  diagnostics: Diagnostics,
): void {
  for (const [name, text] of values) {
    const symbol = globals.user.get(name);
    if (!symbol?.isFresh) {
      messages.report(diagnostics, place, messages.noSuchGlobalForValue(name, globals.user.keys()));
      continue;
    }
    const isNumber = /^-?(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(text);
    if (!symbol.useAsScalar(symbol.declaredAt, diagnostics)) continue;
    const type = symbol.giveInitialType(isNumber ? "long" : "string");
    if (type === "string") symbol.initial = Buffer.from(text, "utf8").toString("latin1");
    else if (type === "long" && isNumber) symbol.initial = readNumber(text);
    else if (type === "long") messages.report(diagnostics, symbol.declaredAt, messages.valueIsNoNumber(name, text));
    else if (type === "statistic") messages.report(diagnostics, symbol.declaredAt, messages.valueOfStatistic(name));
  }
}

function readNumber(text: string): bigint {
  const digits = text.replace(/^-/, "");
  // As in a script, a leading 0 means octal.
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return BigInt.asIntN(64, text.startsWith("-") ? -magnitude : magnitude);
}
