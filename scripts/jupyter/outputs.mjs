/** From a kernel's messages to the outputs of a cell as nbformat 4.5 stores them. */

/** nbformat stores long texts as lists of lines, each with its line end. */
export function asLines(text) {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** JSON stays what it is; every other representation is text. */
function storedRepresentation([type, value]) {
  const isJson = type === "application/json" || /^application\/.*\+json$/.test(type);
  // Binary representations travel as base64, which nbformat keeps as one string.
  const isBinary = /^image\/(?!svg)/.test(type) || type === "application/pdf";
  return [type, isJson || isBinary || typeof value !== "string" ? value : asLines(value)];
}

function storedBundle(data) {
  return Object.fromEntries(Object.entries(data).map(storedRepresentation));
}

/** Outputs of all cells of a notebook, so that a later cell can replace what an earlier one shows. */
export class NotebookOutputs {
  /** display id → every output that shows it. */
  #displays = new Map();

  /** A collector for one cell: `outputs` is what the cell shows so far. */
  forCell() {
    const outputs = [];
    let clearAtNext = false;
    const add = (output) => {
      if (clearAtNext) outputs.length = 0;
      clearAtNext = false;
      outputs.push(output);
      return output;
    };
    const display = (output, content) => {
      const id = content.transient?.display_id;
      add(output);
      if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
    };
    const accept = ({ type, content }) => {
      switch (type) {
        case "stream": {
          const last = clearAtNext ? undefined : outputs.at(-1);
          if (last?.output_type === "stream" && last.name === content.name) {
            last.text = asLines(last.text.join("") + content.text);
          } else {
            add({ output_type: "stream", name: content.name, text: asLines(content.text) });
          }
          break;
        }
        case "display_data":
          display(
            { output_type: "display_data", data: storedBundle(content.data), metadata: content.metadata ?? {} },
            content,
          );
          break;
        case "execute_result":
          display(
            {
              output_type: "execute_result",
              execution_count: content.execution_count,
              data: storedBundle(content.data),
              metadata: content.metadata ?? {},
            },
            content,
          );
          break;
        case "update_display_data":
          for (const output of this.#displays.get(content.transient?.display_id) ?? []) {
            output.data = storedBundle(content.data);
            output.metadata = content.metadata ?? {};
          }
          break;
        case "error":
          add({
            output_type: "error",
            ename: content.ename,
            evalue: content.evalue,
            traceback: content.traceback,
          });
          break;
        case "clear_output":
          if (content.wait) clearAtNext = true;
          else outputs.length = 0;
          break;
      }
    };
    return { outputs, accept };
  }
}
