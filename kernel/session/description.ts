import type { LanguageDescription } from "../protocol/interpreter.js";
import { VERSION } from "./version.js";

/** What `kernel_info` tells. Apart from the session, so that it can be told while the session is still starting. */
export const description: LanguageDescription = {
  implementation: "tapbook",
  implementationVersion: VERSION,
  banner: `Tapbook ${VERSION}: ask the running kernel in the SystemTap language. %help lists what else a cell can do.`,
  language: {
    name: "systemtap",
    version: "5.6",
    mimetype: "text/x-systemtap",
    fileExtension: ".stp",
    // Neither Pygments nor CodeMirror knows SystemTap by itself; C is the nearest that colours it.
    pygmentsLexer: "c",
    codemirrorMode: { name: "systemtap", mime: "text/x-csrc" },
    nbconvertExporter: "script",
  },
  helpLinks: [
    { text: "SystemTap language reference", url: "https://sourceware.org/systemtap/langref/" },
    { text: "SystemTap tapset reference", url: "https://sourceware.org/systemtap/tapsets/" },
  ],
};
