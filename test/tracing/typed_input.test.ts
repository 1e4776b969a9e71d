import fc from "fast-check";
import { TypedInput, type Typed } from "../../kernel/tracing/typed_input.js";

const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function feedAll(pieces: readonly string[]): { readonly typed: readonly Typed[]; readonly rest: string } {
  const input = new TypedInput();
  const typed = pieces.flatMap((piece) => [...input.feed(piece)]);
  return { typed, rest: input.takeRest() };
}

test("text is its code points, and lines are what stands between their ends, however the bytes come", () => {
  const words = fc.array(fc.string({ unit: "binary", minLength: 1 }), { maxLength: 5 });
  fc.assert(
    fc.property(words, fc.array(fc.nat(60)), (lines, cuts) => {
      const text = lines.join("\n");
      const bytes = bytesOf(text);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      const { typed, rest } = feedAll(pieces);
      const ended = text.split("\n").slice(0, -1).map(bytesOf);
      expect(typed.map(({ char }) => char)).toEqual(Array.from(text, bytesOf));
      expect(typed.flatMap(({ line }) => (line === null ? [] : [line]))).toEqual(ended);
      expect(rest).toBe(bytesOf(text.split("\n").at(-1) ?? ""));
    }),
  );
});

test("no byte is lost that is no UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const { typed, rest } = feedAll([text]);
      const lines = typed.flatMap(({ line }) => (line === null ? [] : [`${line}\n`])).join("");
      expect(lines + rest).toBe(text);
    }),
  );
});
