/** Netfilter hooks, in a network namespace that ends with the test. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { loadNative, type NativeAttachOptions } from "../../kernel/tracing/native.js";
import { compareKernel } from "./machine.js";

const addon = fileURLToPath(new URL("../../native/build/Release/tapbook.node", import.meta.url));

/** Sends datagrams to itself, in a namespace of its own, and prints what a program counted that lets each packet pass. */
const script = `
  const native = require(${JSON.stringify(addon)});
  const { createSocket } = require("node:dgram");
  const map = native.createMap({ name: "counters", type: "array", keySize: 4, valueSize: 8, maxEntries: 1, mmapable: true });
  // r1 = value; r2 = 1; lock *r1 += r2; r0 = NF_ACCEPT; exit
  const code = "18010000000000000000000000000000" + "b702000001000000" + "db21000000000000" + "b700000001000000" + "9500000000000000";
  const program = native.loadProgram({
    name: "packets", type: "netfilter", instructions: Uint8Array.from(Buffer.from(code, "hex")),
    relocations: [{ instruction: 0, map, kind: "value" }],
  });
  const options = JSON.parse(process.argv[1]);
  const link = program.attach(options);
  const receiver = createSocket("udp4");
  const sender = createSocket("udp4");
  const datagrams = 40;
  let received = 0;
  receiver.on("message", () => {
    if (++received < datagrams) return;
    const counted = map.readWord(0);
    link.close();
    sender.send("last", receiver.address().port, "127.0.0.1");
    receiver.removeAllListeners("message").once("message", () => {
      console.log(JSON.stringify({ received, counted: Number(counted), later: Number(map.readWord(0) - counted) }));
      process.exit();
    });
  });
  receiver.bind(0, "127.0.0.1", () => {
    for (let count = 0; count < datagrams; count++) sender.send("one", receiver.address().port, "127.0.0.1");
  });
`;

function inOwnNamespace(options: NativeAttachOptions): unknown {
  const words = ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath, "--eval", script];
  return JSON.parse(
    execFileSync("unshare", [...words, JSON.stringify(options)], { encoding: "utf8", timeout: 60_000 }),
  );
}

(compareKernel(6, 4) >= 0 ? test : test.skip)("every packet on its way in is counted, and passes", () => {
  const localIn = { mechanism: "netfilter", protocolFamily: 2, hook: 1, priority: 100 } as const;
  expect(inOwnNamespace(localIn)).toEqual({ received: 40, counted: 40, later: 0 });
});

test("a hook that there is not", () => {
  if (compareKernel(6, 4) < 0) return;
  const native = loadNative();
  const instructions = Uint8Array.of(0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
  const program = native.loadProgram({ name: "packets", type: "netfilter", instructions, relocations: [] });
  expect(() => program.attach({ mechanism: "netfilter", protocolFamily: 2, hook: 9, priority: 3 })).toThrow(
    'cannot attach program "packets" to netfilter hook 2:9 with priority 3: EPROTO (Protocol error)',
  );
  program.close();
});
