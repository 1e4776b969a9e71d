import type { LanguageDescription } from "../interpreter.js";
import type { ReplyContents } from "../contents.js";
import type { RequestHandler } from "../request.js";
import { protocolVersion } from "../wire.js";

/** Who the kernel is. Answered without the interpreter, which may still be starting. */
export const kernelInfo: RequestHandler<"kernel_info_request"> = {
  type: "kernel_info_request",
  channels: ["shell", "control"],
  handle: (context) => context.reply(describe(context.description)),
};

function describe(description: LanguageDescription): ReplyContents["kernel_info_request"] {
  const { language } = description;
  const codemirrorMode =
    typeof language.codemirrorMode === "string" ? language.codemirrorMode : { ...language.codemirrorMode };
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: description.implementation,
    implementation_version: description.implementationVersion,
    language_info: {
      name: language.name,
      version: language.version,
      mimetype: language.mimetype,
      file_extension: language.fileExtension,
      pygments_lexer: language.pygmentsLexer,
      codemirror_mode: codemirrorMode as ReplyContents["kernel_info_request"]["language_info"]["codemirror_mode"] &
        object,
      nbconvert_exporter: language.nbconvertExporter,
    },
    banner: description.banner,
    help_links: description.helpLinks.map(({ text, url }) => ({ text, url })),
    supported_features: ["kernel subshells"],
  };
}
