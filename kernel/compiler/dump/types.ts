/** What the checker found out: types and layouts of globals, functions and handlers. */
import type { GlobalVariable, Handler, Local, StatisticParts, TypedProgram, UserFunction } from "../check/program.js";
import { globalTypeText } from "../check/wording.js";
import type { CompiledGlobal, FieldShape, GlobalLayout, StringShape } from "../compiled.js";
import type { Shapes } from "../ir/shapes.js";
import { fieldOffsets, fieldSize, INSERTED, keySize, statisticOffsets, valueOffset, valueSize } from "../layout.js";

/** `globals` say which of them lie in maps; `shapes` are those of the same program. */
export function printTypes(program: TypedProgram, globals: readonly CompiledGlobal[], shapes: Shapes): string {
  const sections = [
    ...globals.map(({ variable, layout }) => printGlobal(variable, layout)),
    ...program.functions.map((definition) => printFunction(definition, shapes)),
    ...program.handlers.map((handler) => printHandler(handler, shapes)),
  ];
  return sections.join("\n");
}

function printGlobal(global: GlobalVariable, layout: GlobalLayout | null): string {
  const head = `global ${global.name}: ${globalTypeText(global.type)}`;
  if (!layout) return `${head}, in memory\n`;
  const lines = [
    `${head}, ${layout.entries === 1 ? "1 entry" : `${layout.entries} entries`}${global.wrap ? ", wraps" : ""}`,
  ];
  if (layout.keys.length > 0) {
    const offsets = fieldOffsets(layout.keys);
    const parts = layout.keys.map((shape, column) => `${offsets[column]} ${fieldName(shape)}`);
    lines.push(`  key    ${keySize(layout)} bytes: ${parts.join(", ")}`);
  }
  lines.push(`  value  ${valueSize(layout)} bytes: ${valueParts(layout).join(", ")}`);
  return `${lines.join("\n")}\n`;
}

function valueParts(layout: GlobalLayout): string[] {
  const { value } = layout;
  if (value.kind === "statistic") return [`${INSERTED} inserted`, ...statisticParts(value.parts)];
  const own = `${valueOffset(layout)} ${fieldName(value)}`;
  return layout.keys.length > 0 ? [`${INSERTED} inserted`, own] : [own];
}

function statisticParts(parts: StatisticParts): string[] {
  const offsets = statisticOffsets(parts);
  const names = [`${offsets.count} count`, `${offsets.sum} sum`, `${offsets.max} max`, `${offsets.min} min`];
  if (offsets.squares !== null) names.push(`${offsets.squares} squares`);
  if (offsets.log !== null) names.push(`${offsets.log} hist_log`);
  parts.linear.forEach(({ low, high, step }, index) => {
    names.push(`${offsets.linear[index]} hist_linear(${low}, ${high}, ${step})`);
  });
  if (offsets.percentiles !== null) names.push(`${offsets.percentiles} percentiles`);
  return [...names, "on each CPU"];
}

/** Strings with the bytes of their buffer, names with the set that their numbers come from. */
function fieldName(shape: FieldShape): string {
  switch (shape.kind) {
    case "long":
      return "long";
    case "names":
      return `string of ${shape.set.id} (${fieldSize(shape)} bytes)`;
    case "bytes":
      return `string (${shape.size} bytes)`;
    case "stack":
      return `${shape.form.space} stack (${fieldSize(shape)} bytes)`;
  }
}

function printFunction(definition: UserFunction, shapes: Shapes): string {
  const { name, parameters, returns, locals } = definition;
  const given = parameters.map((parameter) => localType(parameter, shapes)).join(", ");
  const result = returns === null ? "" : `: ${typeName(returns, () => shapes.returned(definition))}`;
  const own = locals.slice(parameters.length);
  return [`function ${name}(${given})${result}`, ...localLines(own, shapes)].join("\n") + "\n";
}

function printHandler({ point, probe, locals }: Handler, shapes: Shapes): string {
  const place = probe.kind === "kernel" ? `in the kernel, ${probe.mechanism}` : "in user space";
  return [`probe ${point}: ${place}`, ...localLines(locals, shapes)].join("\n") + "\n";
}

function localLines(locals: readonly Local[], shapes: Shapes): string[] {
  return locals.map((local) => `  local ${localType(local, shapes)}`);
}

function localType(local: Local, shapes: Shapes): string {
  return `${local.name}: ${typeName(local.type, () => shapes.local(local))}`;
}

function typeName(type: Local["type"], shape: () => StringShape): string {
  return type === "long" ? "long" : fieldName(shape());
}
