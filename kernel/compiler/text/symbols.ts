/** Addresses as text: the symbols they lie in, and stacks line by line. */

/** What is known of an address. */
export interface SymbolPlace {
  /** Null where only the module is known. */
  readonly name: string | null;
  /** Bytes from the start of the symbol; without one, from where the module's file begins. */
  readonly offset: bigint;
  /** Bytes of the symbol; null where it is not known. */
  readonly size: bigint | null;
  /** A module of the kernel, `kernel` itself, or the path of a program or library; null where it is not known. */
  readonly module: string | null;
  /** The line of the source, where debug information tells it: it is looked up only when it is asked for. */
  readonly source?: () => { readonly file: string; readonly line: number } | null;
}

export type FindSymbol = (address: bigint) => SymbolPlace | null;

/** `name`: the symbol alone. `data`: with offset, size and module. `module`: that alone, empty where there is none. */
export type SymbolForm = "name" | "data" | "module";

/** Of a line of the source: file and line, the file alone, the line's number alone. */
export type SourceForm = "source" | "source_file" | "source_line";

export type StackSpace = "kernel" | "user";

/** `addresses`: in hexadecimal, separated by blanks. `lines`: a line a frame; `listing`: with its address; `brief`: with no module. `path`: names on one line, innermost first. */
export interface StackForm {
  readonly space: StackSpace;
  readonly style: "addresses" | "lines" | "listing" | "brief" | "path" | SymbolForm | SourceForm;
}

export function isSameForm(left: StackForm, right: StackForm): boolean {
  return left.space === right.space && left.style === right.style;
}

/** Whether two different stacks have different texts: a library lies elsewhere in each process, and its functions' names do not tell. */
export function isExact({ space, style }: StackForm): boolean {
  return style === "addresses" || style === "listing" || (space === "kernel" && style !== "name" && style !== "module");
}

export function addressText(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`;
}

/** The addresses in a text that `backtrace()` and its like have made; anything else in it is passed over. */
export function parseAddresses(text: string): bigint[] {
  return text
    .split(/\s+/)
    .filter((word) => /^(0x)?[0-9a-f]{1,16}$/i.test(word))
    .map((word) => BigInt(word.startsWith("0x") ? word : `0x${word}`));
}

/** The address in hexadecimal where nothing tells. */
export function sourceText(form: SourceForm, address: bigint, place: SymbolPlace | null): string {
  const source = place?.source?.();
  if (!source) return addressText(address);
  if (form === "source_line") return String(source.line);
  return form === "source_file" ? source.file : `${source.file}:${source.line}`;
}

export function symbolText(form: SymbolForm, address: bigint, place: SymbolPlace | null): string {
  if (form === "module") return place?.module ?? "";
  if (form === "name") return place?.name ?? addressText(address);
  if (!place) return addressText(address);
  return `${placeText(address, place)}${moduleText(place)}`;
}

export function stackText(style: StackForm["style"], addresses: readonly bigint[], find: FindSymbol): string {
  if (style === "addresses") return addresses.map(addressText).join(" ");
  if (style === "name" || style === "data" || style === "module") {
    const [first] = addresses;
    return first === undefined ? "" : symbolText(style, first, find(first));
  }
  if (style === "source" || style === "source_file" || style === "source_line") {
    const [first] = addresses;
    return first === undefined ? "" : sourceText(style, first, find(first));
  }
  if (style === "path") return addresses.map((address) => symbolText("name", address, find(address))).join(" < ");
  return addresses.map((address) => `${lineText(style, address, find(address))}\n`).join("");
}

function lineText(style: "lines" | "listing" | "brief", address: bigint, place: SymbolPlace | null): string {
  if (style === "lines") return symbolText("data", address, place);
  if (style === "brief") return place?.name ? `${place.name}+${addressText(place.offset)}` : addressText(address);
  const symbol = place?.name ? ` : ${placeText(address, place)}` : "";
  return ` ${addressText(address)}${symbol}${place ? moduleText(place) : ""}`;
}

function placeText(address: bigint, { name, offset, size }: SymbolPlace): string {
  if (name === null) return addressText(address);
  return `${name}+${addressText(offset)}${size === null ? "" : `/${addressText(size)}`}`;
}

function moduleText({ name, offset, module }: SymbolPlace): string {
  if (module === null) return "";
  return name === null ? ` [${module}+${addressText(offset)}]` : ` [${module}]`;
}
