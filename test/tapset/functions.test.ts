import { constants } from "node:os";
import { ScriptAbort, ScriptError } from "../../kernel/compiler/closures/runtime.js";
import { errorNames } from "../../kernel/compiler/text/error_names.js";
import { functions } from "../../kernel/tapset/index.js";
import { call, recorder } from "./runtime.js";

describe("every function", () => {
  test.each(functions.map((entry) => [`${entry.name}/${entry.parameters.length}`, entry] as const))(
    "%s says what it is",
    (_, entry) => {
      expect(entry.summary).toMatch(/^["\w(-].*\.$/);
      // What runs nowhere is shown by what does the same.
      if (entry.kernel || entry.user) expect(entry.example).toContain(`${entry.name}(`);
      for (const parameter of entry.parameters) expect(parameter.meaning).not.toBe("");
      expect(entry.kernel === undefined).toBe(entry.kernelRefusal !== undefined);
      expect(entry.user === undefined).toBe(entry.userRefusal !== undefined);
    },
  );

  test("no two have one name and as many parameters", () => {
    const keys = functions.map(({ name, parameters }) => `${name}/${parameters.length}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

// SystemTap's results, as its documentation tells them; the rest by hand.
test.each<[string, (bigint | string)[], bigint | string]>([
  ["ctime", [0n], "Thu Jan  1 00:00:00 1970"],
  ["ctime", [-1n], "Wed Dec 31 23:59:59 1969"],
  ["ctime", [2147483647n], "Tue Jan 19 03:14:07 2038"],
  ["ctime", [2147483648n], "conversion error"],
  // The runtime of these tests is an hour ahead of UTC.
  ["tz_ctime", [0n], "Thu Jan  1 01:00:00 1970 CET"],
  ["tz_ctime", [2147483647n], "conversion error"],
  ["tz_gmtoff", [], -3600n],
  ["tz_name", [], "CET"],
  ["strlen", ["four"], 4n],
  ["substr", ["probe point", 6n, 5n], "point"],
  ["substr", ["probe point", 6n, 100n], "point"],
  ["substr", ["probe", -1n, 3n], ""],
  ["substr", ["probe", 5n, 1n], ""],
  ["isinstr", ["", ""], 1n],
  ["isinstr", ["abc", "bc"], 1n],
  ["isinstr", ["abc", "cb"], 0n],
  ["strpos", ["abc", ""], 0n],
  ["strpos", ["abc", "c"], 2n],
  ["strpos", ["abc", "x"], -1n],
  ["stringat", ["A", 0n], 65n],
  ["str_replace", ["one two one", "one", "$&"], "$& two $&"],
  ["str_replace", ["aaa", "", "b"], "aaa"],
  ["strtol", ["0x1f", 16n], 31n],
  ["strtol", ["1f", 16n], 31n],
  ["strtol", ["12abc", 10n], 12n],
  ["strtol", ["-5", 10n], -5n],
  ["strtol", ["abc", 10n], 0n],
  ["strtol", ["0x10", 0n], 16n],
  ["strtol", ["010", 0n], 8n],
  ["strtol", ["9", 8n], 0n],
  ["text_str", ['a\n"\x01\x7f'], 'a\\n\\"\\001\\177'],
  ["text_strn", ["abcdef", 3n, 0n], "abc"],
  ["text_strn", ["abcdef", 8n, 1n], '"abcdef"'],
  ["text_strn", ["abcdefgh", 8n, 1n], '"abc"...'],
  ["string_quoted", ["a\tb"], '"a\\tb"'],
  ["errno_str", [2n], "ENOENT"],
  ["errno_p", [-1n], 1n],
  ["errno_p", [-4095n], 1n],
  ["errno_p", [-4096n], 0n],
  ["errno_p", [0n], 0n],
  ["errno_p", [2n], 0n],
  ["signal_str", [9n], "SIGKILL"],
  ["signal_str", [0n], ""],
  ["signal_str", [31n], "SIGSYS"],
  ["signal_str", [32n], ""],
  ["signal_str", [-9n], ""],
  ["errno_str", [-2n], "ENOENT"],
  ["errno_str", [41n], ""],
  ["errno_str", [0n], ""],
  ["htons", [0x1234n], 0x3412n],
  ["htonl", [0x0a0b0c0dn], 0x0d0c0b0an],
  ["ntohll", [1n], 0x0100000000000000n],
  ["MAJOR", [0x800001n], 8n],
  ["MINOR", [0x800001n], 1n],
  ["MKDEV", [8n, 1n], 0x800001n],
  ["usrdev2kerndev", [0x801n], 0x800001n],
  ["gettimeofday_s", [], 1234567890n],
  ["gettimeofday_ms", [], 1234567890123n],
  ["gettimeofday_us", [], 1234567890123456n],
  ["gettimeofday_ns", [], 1234567890123456789n],
  ["local_clock_s", [], 5n],
  ["cpu_clock_ns", [0n], 5000000001n],
  ["execname", [], "tapbook"],
  ["pid", [], 100n],
  ["tid", [], 100n],
  ["ppid", [], 99n],
  ["uid", [], 1000n],
  ["gid", [], 1001n],
  ["euid", [], 0n],
  ["egid", [], 1n],
  ["target", [], 4321n],
  ["pp", [], "timer.s(1)"],
  ["__next_token", [",,a,b", ","], "a"],
  ["__after_token", [",,a,b", ","], "b"],
  ["__next_token", ["", ","], ""],
])("%s(%p) is %p", (name, args, expected) => expect(call(name, args)).toBe(expected));

test("acting on the session", () => {
  const record = recorder();
  call("exit", [], record);
  call("log", ["half way"], record);
  call("warn", ["slow"], record);
  call("system", ["date"], record);
  expect(record).toEqual({ printed: ["half way\n"], warned: ["WARNING: slow\n"], commands: ["date"], exits: 1 });
  expect(() => call("error", ["no such thing"])).toThrow(new ScriptError("no such thing"));
  expect(() => call("assert", [0n])).toThrow(ScriptError);
  expect(call("assert", [1n])).toBeNull();
  expect(() => call("abort")).toThrow(ScriptAbort);
});

test("a random number keeps below its limit", () => {
  const seen = new Set(Array.from({ length: 500 }, () => call("randint", [3n])));
  expect([...seen].toSorted((left, right) => (left! < right! ? -1 : 1))).toEqual([0n, 1n, 2n]);
});

describe("error numbers", () => {
  test("names agree with the C library's", () => {
    const known = Object.entries(constants.errno).filter(([name]) => name !== "EWOULDBLOCK" && name !== "ENOTSUP");
    expect(known.length).toBeGreaterThan(70);
    for (const [name, number] of known) expect([number, errorNames.names.get(number)]).toEqual([number, name]);
  });

  test("every number from 1 to 133 but the two unused has a name", () => {
    const missing = Array.from({ length: 133 }, (_, index) => index + 1).filter(
      (number) => !errorNames.names.has(number),
    );
    expect(missing).toEqual([41, 58]);
  });
});
