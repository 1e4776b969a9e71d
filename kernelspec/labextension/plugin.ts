/** What Tapbook adds to JupyterLab: the language, for cells and for `.stp` files, and the type of those files. */
import icon from "../logo-svg.svg";
import { systemtap } from "./systemtap.js";

/** The Lab's own modules that are used, as far as they are. */
export interface LabModules {
  readonly "@jupyterlab/codemirror": { readonly IEditorLanguageRegistry: unknown };
  readonly "@jupyterlab/ui-components": {
    readonly LabIcon: new (options: { readonly name: string; readonly svgstr: string }) => object;
  };
  readonly "@codemirror/language": {
    readonly StreamLanguage: { define(parser: object): object };
    readonly LanguageSupport: new (language: object) => object;
  };
}

interface Application {
  readonly docRegistry: { addFileType(type: object): unknown };
}

interface LanguageRegistry {
  addLanguage(language: object): void;
}

const mimeType = "text/x-systemtap";

/** The plugin for a Lab that has these modules. */
export function createPlugin(modules: LabModules): object {
  const { StreamLanguage, LanguageSupport } = modules["@codemirror/language"];
  return {
    id: "tapbook:systemtap",
    description: "SystemTap in cells and files.",
    autoStart: true,
    requires: [modules["@jupyterlab/codemirror"].IEditorLanguageRegistry],
    activate: (application: Application, languages: LanguageRegistry): void => {
      languages.addLanguage({
        // The name by which the kernel's `codemirror_mode` asks for it.
        name: "systemtap",
        displayName: "SystemTap",
        alias: ["stap", "stp"],
        mime: mimeType,
        extensions: ["stp", "stpm"],
        support: new LanguageSupport(StreamLanguage.define(systemtap)),
      });
      application.docRegistry.addFileType({
        name: "systemtap",
        displayName: "SystemTap Script",
        extensions: [".stp", ".stpm"],
        mimeTypes: [mimeType],
        fileFormat: "text",
        contentType: "file",
        icon: new modules["@jupyterlab/ui-components"].LabIcon({ name: "tapbook:systemtap", svgstr: icon }),
      });
    },
  };
}
