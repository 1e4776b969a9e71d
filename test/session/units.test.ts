/** What a script tells of the unit of what it records; the expected unit is what the arithmetic comes to. */
import { unitsOf } from "../../kernel/session/units.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

function unitOfX(script: string): string | undefined {
  const session = new Session({ native: loadNative(), catalogue, mode: "cell" });
  const { script: compiled } = session.compile(script, { name: "test" });
  session.close();
  if (!compiled) throw new Error(`refused: ${script}`);
  return unitsOf(compiled.program).get("x");
}

test.each([
  ["x <<< gettimeofday_ns() - t", "ns"],
  ["x <<< t - gettimeofday_us()", "us"],
  ["d = gettimeofday_ns() - t\nx <<< d", "ns"],
  ["now = gettimeofday_ns()\nd = now - t\nif (d > 1000) x <<< d", "ns"],
  ["d = 0\nd = gettimeofday_ms() - t\nx <<< d", "ms"],
  ["x <<< (gettimeofday_ns() - t) / 1000", "us"],
  ["x <<< (gettimeofday_ns() - t) / 1000000", "ms"],
  ["d = (gettimeofday_us() - t) / 1000000\nx <<< d", "s"],
  ["x <<< gettimeofday_s() * 1000", "ms"],
  ["x <<< 1000 * (gettimeofday_us() - t)", "ns"],
  ["x <<< t > 0 ? gettimeofday_ns() - t : 0", "ns"],
  ["x <<< -gettimeofday_ns()", "ns"],
  ["x <<< t * gettimeofday_ms()", "ms"],
  ["x <<< gettimeofday_ns() % 1000", "ns"],
])("%j counts %s", (statements, unit) => expect(unitOfX(`global x, t\n${statements}`)).toBe(unit));

test.each([
  "x <<< (gettimeofday_ns() - t) / 100",
  "x <<< gettimeofday_ns() >> 10",
  "x <<< gettimeofday_ns() / t",
  "x <<< gettimeofday_ns() * gettimeofday_ns()",
  "x <<< gettimeofday_ns() / 1000000000 / 1000",
  "x <<< gettimeofday_ns() + gettimeofday_us()",
  "x <<< gettimeofday_ns() > t",
  "d = gettimeofday_ns() - t\nd /= 1000\nx <<< d",
  "d = gettimeofday_ns()\nd = gettimeofday_us()\nx <<< d",
  "d = gettimeofday_ns()\nd <<= 2\nx <<< d",
  "x <<< gettimeofday_ns()\nx <<< gettimeofday_us()",
  "x <<< t",
])("%j counts nothing that is known", (statements) => expect(unitOfX(`global x, t\n${statements}`)).toBeUndefined());

test("what an event counts in a local is known behind it", () => {
  const handler = "d = gettimeofday_ns() - @entry(gettimeofday_ns()); if (d > 1000000) x[name] <<< d";
  expect(unitOfX(`global x\nprobe syscall_any.return { ${handler} }`)).toBe("ns");
});
