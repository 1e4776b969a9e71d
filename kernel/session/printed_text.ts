/** What a script prints: bounded on the screen, and whole in a file where one was asked for. */
import { closeSync, openSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { FidelityResult } from "../tracing/result.js";
import type { Failure } from "./failures.js";
import { OutputCap } from "./output_cap.js";
import { systemReason } from "./system_reason.js";

/** Bytes that are gathered before they go to the file. */
const FILE_BUFFER = 64 << 10;

type Show = (name: "stdout" | "stderr", text: string) => void;

export class PrintedText {
  /** A character may lie across two prints. */
  private readonly decoder = new StringDecoder("utf8");
  private readonly cap: OutputCap;
  private unwritten = "";

  private constructor(
    private readonly show: Show,
    private readonly path: string | undefined,
    private file: number | null,
  ) {
    const advice = path === undefined ? "%%trace out=FILE keeps them" : `all are in ${path}`;
    const bytes = Buffer.from(advice, "utf8").toString("latin1");
    this.cap = new OutputCap((text) => show("stdout", this.decoder.write(Buffer.from(text, "latin1"))), bytes);
  }

  /** The failure where the file cannot be written. */
  static open(show: Show, path: string | undefined): PrintedText | Failure {
    try {
      return new PrintedText(show, path, path === undefined ? null : openSync(path, "w"));
    } catch (error) {
      const message = `cannot write ${path}: ${systemReason(error)}`;
      return {
        name: "MagicError",
        message,
        lines: [message, "hint: out= takes the path of a file, in a folder that exists"],
      };
    }
  }

  /** `text` is a byte string. */
  print(text: string): void {
    this.cap.print(text);
    if (this.file === null) return;
    this.unwritten += text;
    if (this.unwritten.length >= FILE_BUFFER) this.write();
  }

  /** Shows what was held back, and answers how much never will be. May be called twice. */
  finish(): FidelityResult["cut"] {
    this.cap.finish();
    const rest = this.decoder.end();
    if (rest !== "") this.show("stdout", rest);
    this.write();
    this.closeFile();
    return this.cap.cut;
  }

  private write(): void {
    if (this.file === null) return;
    const text = this.unwritten;
    this.unwritten = "";
    try {
      writeSync(this.file, text, null, "latin1");
    } catch (error) {
      // The trace goes on: what it shows is right without the file.
      this.show("stderr", `WARNING: ${this.path} is incomplete: ${(error as Error).message}\n`);
      this.closeFile();
    }
  }

  private closeFile(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}
