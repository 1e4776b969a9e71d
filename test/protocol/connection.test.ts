import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConnectionFileError,
  endpoint,
  parseConnection,
  readConnectionFile,
} from "../../kernel/protocol/connection.js";

// As jupyter_client writes it.
const file = {
  shell_port: 57503,
  iopub_port: 40885,
  stdin_port: 52597,
  control_port: 43209,
  hb_port: 42540,
  ip: "127.0.0.1",
  key: "a0436f6c-1916-498b-8eb9-e81ab9368e84",
  transport: "tcp",
  signature_scheme: "hmac-sha256",
  kernel_name: "tapbook",
  jupyter_session: "",
};

describe("a connection file", () => {
  test("gives the channels' addresses", () => {
    const connection = parseConnection(JSON.stringify(file), "k.json");
    expect(endpoint(connection, "shell")).toBe("tcp://127.0.0.1:57503");
    expect(endpoint(connection, "hb")).toBe("tcp://127.0.0.1:42540");
    expect(connection).toMatchObject({ key: file.key, signatureScheme: "hmac-sha256" });
  });

  test.each([
    [{ ip: "::1" }, "tcp://[::1]:40885"],
    [{ ip: "*" }, "tcp://*:40885"],
    [{ ip: "localhost" }, "tcp://127.0.0.1:40885"],
    [{ ip: "/run/user/0/kernel-1-ipc", transport: "ipc", iopub_port: 2 }, "ipc:///run/user/0/kernel-1-ipc-2"],
    [{ transport: undefined, signature_scheme: undefined }, "tcp://127.0.0.1:40885"],
  ])("%j binds iopub to %s", (change, address) => {
    expect(endpoint(parseConnection(JSON.stringify({ ...file, ...change }), "k.json"), "iopub")).toBe(address);
  });

  test.each([
    ["{", /^The connection file k\.json is not JSON: .*\.$/],
    ["[1]", /^The connection file k\.json must hold a JSON object\.$/],
    [JSON.stringify({ ...file, key: undefined }), /^The connection file k\.json has no "key"\.$/],
    [JSON.stringify({ ...file, hb_port: undefined }), /^The connection file k\.json has no "hb_port"\.$/],
    [JSON.stringify({ ...file, hb_port: "42" }), /must give "hb_port" as a port number, not "42"\.$/],
    [JSON.stringify({ ...file, shell_port: 65536 }), /must give "shell_port" as a port number, not 65536\.$/],
    [JSON.stringify({ ...file, shell_port: 0 }), /must give "shell_port" as a port number, not 0\.$/],
    [
      JSON.stringify({ ...file, curve_publickey: "short", curve_secretkey: "" }),
      /must give "curve_publickey" as 40 characters of Z85\.$/,
    ],
    [JSON.stringify({ ...file, curve_secretkey: "x".repeat(40) }), /has no "curve_publickey"\.$/],
    [JSON.stringify({ ...file, ip: 4 }), /must give "ip" as a text\.$/],
    [JSON.stringify({ ...file, transport: "udp" }), /asks for transport "udp"; only "tcp" and "ipc" are supported\.$/],
  ])("%j is refused with a sentence", (text, sentence) => {
    const parsing = (): unknown => parseConnection(text, "k.json");
    expect(parsing).toThrow(sentence);
    expect(parsing).toThrow(ConnectionFileError);
  });

  test("is read from disk, or the reason is told", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tapbook-connection-"));
    const path = join(directory, "kernel.json");
    await expect(readConnectionFile(path)).rejects.toThrow(/cannot be read: ENOENT.*\.$/);
    await writeFile(path, JSON.stringify(file));
    expect((await readConnectionFile(path)).ports).toEqual({
      shell: 57503,
      iopub: 40885,
      stdin: 52597,
      control: 43209,
      hb: 42540,
    });
    await rm(directory, { recursive: true });
  });
});
