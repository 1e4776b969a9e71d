/** The tree reduced to labels, from which it is printed. */
import type { Expression, Item, ProbePoint, Script, Statement } from "./ast.js";

export interface Outline {
  readonly label: string;
  readonly children: readonly Outline[];
}

export function outlineScript(script: Script): Outline {
  return node("script", script.items.map(outlineItem));
}

function node(label: string, children: readonly (Outline | null)[] = []): Outline {
  return { label: label.trimEnd(), children: children.filter((child) => child !== null) };
}

/** A labelled part, or nothing where the part is missing. */
function part<Child>(label: string, child: Child | null, outline: (child: Child) => Outline): Outline | null {
  return child === null ? null : node(label, [outline(child)]);
}

function literal(value: bigint | string): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

function outlineItem(item: Item): Outline {
  switch (item.kind) {
    case "probe":
      return node("probe", [...item.points.map(outlinePoint), outlineStatement(item.body)]);
    case "alias":
      return node(`alias ${item.names.map(pointText).join(" = ")}`, [
        ...item.points.map(outlinePoint),
        part("prologue", item.prologue, outlineStatement),
        part("epilogue", item.epilogue, outlineStatement),
      ]);
    case "global":
      return node(
        item.isPrivate ? "private global" : "global",
        item.variables.map(({ name, size, wrap, initial }) => {
          const shape = `${size === null ? "" : `[${size}]`}${wrap ? "%" : ""}`;
          return node(`${name}${shape}${initial === null ? "" : ` = ${literal(initial.value)}`}`);
        }),
      );
    case "function": {
      const parameters = item.parameters.map(({ name, type }) => (type ? `${name}:${type}` : name)).join(", ");
      const returns = item.returns ? `:${item.returns}` : "";
      const priority = item.priority === null ? "" : `:${item.priority}`;
      const label = `${item.isPrivate ? "private " : ""}function ${item.name}${returns}(${parameters})${priority}`;
      return node(label, [outlineStatement(item.body)]);
    }
    case "embedded":
      return outlineStatement(item);
    case "statement":
      return outlineStatement(item.statement);
  }
}

function pointText(point: ProbePoint): string {
  return point.components
    .map(({ name, argument }) => (argument === null ? name : `${name}(${literal(argument.value)})`))
    .join(".");
}

function outlinePoint(point: ProbePoint): Outline {
  const mark = point.sufficient ? " !" : point.optional ? " ?" : "";
  return node(`point ${pointText(point)}${mark}`, [part("if", point.condition, outlineExpression)]);
}

function outlineStatement(statement: Statement): Outline {
  switch (statement.kind) {
    case "block":
      return node("block", statement.statements.map(outlineStatement));
    case "empty":
    case "break":
    case "continue":
    case "next":
      return node(statement.kind);
    case "expression":
      return outlineExpression(statement.expression);
    case "embedded":
      return node(`embedded ${literal(statement.code)}`);
    case "if":
      return node("if", [
        outlineExpression(statement.condition),
        outlineStatement(statement.then),
        part("else", statement.otherwise, outlineStatement),
      ]);
    case "while":
      return node("while", [outlineExpression(statement.condition), outlineStatement(statement.body)]);
    case "for":
      return node("for", [
        part("initial", statement.initial, outlineExpression),
        part("condition", statement.condition, outlineExpression),
        part("step", statement.step, outlineExpression),
        outlineStatement(statement.body),
      ]);
    case "foreach": {
      const { value, keys, sort } = statement;
      const names = `${value ? `${value.name} = ` : ""}[${keys.map(({ name }) => name).join(", ")}]`;
      let order = "";
      if (sort) {
        const by = sort.by.kind === "key" ? `key ${sort.by.column}` : (sort.by.extractor ?? "value");
        order = ` sorted by ${by} ${sort.direction}`;
      }
      return node(`foreach ${names}${order}`, [
        outlineExpression(statement.collection),
        statement.slice && node("slice", outlineKey(statement.slice)),
        part("limit", statement.limit, outlineExpression),
        outlineStatement(statement.body),
      ]);
    }
    case "delete":
      return node(`delete ${statement.name.name}`, statement.key ? outlineKey(statement.key) : []);
    case "return":
      return node("return", [statement.value && outlineExpression(statement.value)]);
    case "try":
      return node("try", [
        outlineStatement(statement.body),
        part(`catch ${statement.variable?.name ?? ""}`, statement.handler, outlineStatement),
      ]);
  }
}

function outlineKey(key: readonly (Expression | null)[]): readonly Outline[] {
  return key.map((column) => (column === null ? node("*") : outlineExpression(column)));
}

function outlineExpression(expression: Expression): Outline {
  switch (expression.kind) {
    case "number":
    case "string":
      return node(`${expression.kind} ${literal(expression.value)}`);
    case "name":
    case "target":
      return node(`${expression.kind} ${expression.name}`);
    case "embedded":
      return outlineStatement(expression);
    case "unary":
      return node(`unary ${expression.operator}`, [outlineExpression(expression.operand)]);
    case "binary":
      return node(`binary ${expression.operator}`, [expression.left, expression.right].map(outlineExpression));
    case "assignment":
      return node(`assignment ${expression.operator}`, [expression.target, expression.value].map(outlineExpression));
    case "conditional":
      return node("conditional", [expression.condition, expression.then, expression.otherwise].map(outlineExpression));
    case "increment":
      return node(`increment ${expression.operator} ${expression.prefix ? "prefix" : "postfix"}`, [
        outlineExpression(expression.target),
      ]);
    case "membership":
      return node(`membership in ${expression.array.name}`, outlineKey(expression.key));
    case "match":
      return node(`match ${expression.negated ? "!~" : "=~"} ${literal(expression.pattern.value)}`, [
        outlineExpression(expression.text),
      ]);
    case "element":
      if (expression.base.kind === "name") return node(`element ${expression.base.name}`, outlineKey(expression.key));
      return node("element", [outlineExpression(expression.base), ...outlineKey(expression.key)]);
    case "call":
      return node(`call ${expression.name}`, expression.arguments.map(outlineExpression));
    case "statistic":
      return node(
        `statistic ${expression.extractor}`,
        [expression.target, ...expression.parameters].map(outlineExpression),
      );
    case "histogram":
      return node(`histogram ${expression.scale}`, [expression.target, ...expression.bounds].map(outlineExpression));
    case "at":
      return node(`at ${expression.name}`, expression.arguments.map(outlineExpression));
    case "member":
      if (expression.access.kind === "member") {
        return node(`member ${expression.access.name}`, [outlineExpression(expression.base)]);
      }
      return node("index", [expression.base, expression.access.index].map(outlineExpression));
    case "address":
      return node("address", [outlineExpression(expression.operand)]);
    case "pretty":
      return node(`pretty ${expression.depth}`, [outlineExpression(expression.operand)]);
  }
}
