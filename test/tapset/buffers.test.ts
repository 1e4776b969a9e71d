/** Bytes and wide characters that this process writes, which it knows. */
import { openSync, writeSync } from "node:fs";
import { trace } from "../probes/traced_workload.js";

/** What the statements print of one buffer, which only a write of just so many bytes can be. */
async function printedOf(buffer: Buffer, statements: string): Promise<string[]> {
  const file = openSync("/dev/null", "w");
  const { printed, failures } = await trace(
    `probe syscall.write { if (pid() == ${process.pid} && fd == ${file} && count == ${buffer.length}) { ${statements} } }`,
    "syscalls getppid --count 1",
    {},
    async () => {
      writeSync(file, buffer);
    },
  );
  expect(failures).toEqual([]);
  return Buffer.from(printed, "latin1").toString("utf8").trimEnd().split("\n");
}

const TEXT = "aé€😀z";

function utf32(text: string): Buffer {
  const points = Uint32Array.from(`${text}\0`.match(/./gsu) ?? [], (character) => character.codePointAt(0) ?? 0);
  return Buffer.from(points.buffer);
}

test("UTF-16, with what takes two of its units", async () => {
  const lines = await printedOf(
    Buffer.from(`${TEXT}\0rest`, "utf16le"),
    'println(user_string_utf16(buf_uaddr)); println(user_string_utf16(buf_uaddr, "?"), user_string_utf16(16, "lost"))',
  );
  expect(lines).toEqual([TEXT, `${TEXT}lost`]);
});

test("UTF-32", async () => {
  const lines = await printedOf(
    utf32(TEXT),
    'println(user_string_utf32(buf_uaddr)); println(user_string_utf32(16, "lost"), kernel_string_utf32(16, "none"), kernel_string_utf16(16, ""))',
  );
  expect(lines).toEqual([TEXT, "lostnone"]);
});

test("bytes in quotes, zeros among them", async () => {
  const lines = await printedOf(
    Buffer.from('a"\\\n\t\r\0\x7f\xffz', "latin1"),
    `println(user_buffer_quoted(buf_uaddr, 10, 0)); println(user_buffer_quoted(buf_uaddr, 10, 12)); println(user_buffer_quoted(buf_uaddr, 1, 3))
     println(user_buffer_quoted(buf_uaddr, 0, 0)); println(kernel_buffer_quoted(&task_current()->comm, 4, 0) == user_buffer_quoted(buf_uaddr, 4, 0))
     try { user_buffer_quoted(16, 1, 0) } catch (message) { println(message) }`,
  );
  expect(lines).toEqual([
    String.raw`"a\"\\\n\t\r\000\177\377z"`,
    String.raw`"a\"\\\n"...`,
    '"a"',
    '""',
    "0",
    "user uint8 copy fault -14 at 0x10",
  ]);
});
