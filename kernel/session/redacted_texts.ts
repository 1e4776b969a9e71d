/** What a text looks like that is a path, an address or an argument. In doubt it is one: what is hidden for nothing costs less. */

/** Answers what stands for a text. */
export type Hide = (text: string) => string;

/** What stands for something that is hidden already. */
const HIDDEN = /‹[^‹›\n]*›/;

const QUOTED = /"((?:[^"\\\n]|\\[^\n])*)"/g;
const ABSOLUTE = /(?<![\w<‹/.~])(?:~|\.{1,2})?\/(?:[^\s"'`<>|;,()[\]{}‹›]|,(?=\S))+/g;
const RELATIVE = /(?<![\w<‹/.@+-])[\w.@+-]*[A-Za-z_][\w.@+-]*(?:\/[\w.@+:-]+)+\/?/g;
/** `reads/s`, `func+0x1a/0x40`, and threads of the kernel such as `kworker/0:1`. */
const NO_PATH =
  /^(?:[\w.]+\/(?:s|sec|second|min|h|hit|call|op|event)|[^/]*\+0x[0-9a-f]+\/0x[0-9a-f]+|(?:kworker|ksoftirqd|migration|cpuhp|swapper|idle_inject|irq|rcuo\w+)\/\S*)$/;

/** A text that is nothing but a path may have blanks in it; one that goes on with another path is no such text. */
const WHOLE = /^(?:~|\.{1,2})?\/(?:[^\n"\s]|[ \t](?!(?:~|\.{1,2})?\/))+$/;

export function hidePaths(text: string, hide: Hide): string {
  if (WHOLE.test(text) && !text.includes(", ")) return hide(text);
  return text
    .replaceAll(QUOTED, (whole, inner: string) => (inner.includes("/") ? `"${hide(inner)}"` : whole))
    .replaceAll(ABSOLUTE, (path) => hide(path))
    .replaceAll(RELATIVE, (path) => (NO_PATH.test(path) ? path : hide(path)));
}

const ADDRESSES: readonly RegExp[] = [
  /\b0x[0-9a-f]{5,}\b/gi,
  // Of memory, without a prefix; what has no letter may be any number.
  /\b(?=[0-9a-f]*[a-f])[0-9a-f]{11,16}\b/gi,
  /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi,
  /(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi,
  /(?<![\w:])(?:(?:[0-9a-f]{1,4}:)*[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?:\.\d{1,3}){0,3}(?![\w:])/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g,
];

export function hideAddresses(text: string, hide: Hide): string {
  return ADDRESSES.reduce(
    (shown, pattern) => shown.replaceAll(pattern, (found) => (found === "::" ? found : hide(found))),
    text,
  );
}

/** One of a list as system calls' arguments are written: numbers, flags, texts in quotes, structures. */
const ITEM = String.raw`(?:"(?:[^"\\\n]|\\[^\n])*"(?:\.\.\.)?|\{[^{}\n]*\}|‹[^‹›\n]*›|[\w.@+|~*&-]+(?:=[^\s,]+)?)`;
const LIST = new RegExp(`${ITEM}(?:, ?${ITEM})+`, "g");
const ARGUMENT_LIKE = /(?:^|[\s,|])(?:-?\d|0x|"|\{|‹|[A-Z]{2}[A-Z0-9_]*\b|NULL)/;
const CALL = /(?<![@\w])([A-Za-z_][\w.]*)\(([^()\n]*)\)/g;
const NAMED = /\b([A-Za-z_]\w*)=("(?:[^"\\\n]|\\[^\n])*"|\{[^{}\n]*\}|[^\s,"{}]+)/g;
/** From the first option of a command to the end of the line. */
const OPTIONS = /(?<=\S[ \t])--?[A-Za-z][^\n]*/g;

export function hideArguments(text: string, hide: Hide): string {
  return text
    .replaceAll(CALL, (whole, name: string, inner: string) =>
      ARGUMENT_LIKE.test(inner) ? `${name}(${hide(inner)})` : whole,
    )
    .replaceAll(OPTIONS, (options) => hide(options))
    .replaceAll(LIST, (list) => (ARGUMENT_LIKE.test(list) ? hide(list) : list))
    .replaceAll(NAMED, (whole, name: string, value: string) => (HIDDEN.test(value) ? whole : `${name}=${hide(value)}`))
    .replaceAll(QUOTED, (_, inner: string) => (HIDDEN.test(inner) ? `"${inner}"` : `"${hide(inner)}"`));
}
