/**
 * Metrics that a script serves in files, for Prometheus and as JSON. The macros that write them (`macros.ts`) are made of what begins
 * with two underscores here.
 */
import type { FunctionParameter } from "../../compiler/catalogue.js";
import type { WrittenFunction } from "./written.js";

/** Bytes that a file of metrics holds at most. */
const LARGEST_PAGE = 1 << 20;

/**
 * A cell may run again: what is added a second time takes the place of the first.
 *
 * What was added, as the members of JSON objects, in the order in which it was: metrics by their names, members of arrays by the
 * array's name and theirs. Values and elements are there while the data is read only.
 */
export const servedMetricParts = `
private global __json_prefix = "stap", __json_metrics, __json_arrays, __json_members
private global __json_values, __json_elements

probe prometheus = procfs("prometheus").read.maxsize(${LARGEST_PAGE}) { $value = "" }

probe __json_metadata_file = procfs("metadata.json").read.maxsize(${LARGEST_PAGE}) {
  $value = __json_metadata()
  next
}
probe json_data = procfs("data.json").read.maxsize(${LARGEST_PAGE}), __json_metadata_file {}

function __prometheus_label:string(text:string) {
  return str_replace(str_replace(str_replace(text, "\\\\", "\\\\\\\\"), "\\"", "\\\\\\""), "\\n", "\\\\n")
}

function __json_string:string(text:string) {
  return "\\"" . str_replace(str_replace(__prometheus_label(text), "\\t", "\\\\t"), "\\r", "\\\\r") . "\\""
}

function __json_description:string(name:string, type:string, description:string, units:string) {
  __text = sprintf("\\"name\\":%s,\\"pointer\\":%s,\\"type\\":\\"%s\\"", __json_string(name), __json_string("/" . name), type)
  if (description != "") __text .= ",\\"description\\":" . __json_string(description)
  if (units != "") __text .= ",\\"units\\":" . __json_string(units)
  return __text
}

function __json_add:long(name:string, description:string) {
  delete __json_arrays[name]
  __json_metrics[name] = description
  return 0
}

function __json_add_member:long(name:string, metric:string, description:string) {
  if (!(name in __json_arrays)) error(sprintf("there is no array called %s: json_add_array() adds one", name))
  __json_members[name, metric] = description
  return 0
}

function __json_metadata:string() {
  __text = "{\\"prefix\\":" . __json_string(__json_prefix) . ",\\"metrics\\":["
  __before = ""
  foreach ([__name] in __json_metrics) {
    __text .= __before . "{" . __json_metrics[__name] . "}"
    __before = ","
  }
  foreach ([__name] in __json_arrays) {
    __text .= __before . "{" . __json_arrays[__name] . ",\\"index\\":\\"/__id\\",\\"metrics\\":["
    __before = ""
    foreach ([__array, __metric] in __json_members[__name, *]) {
      __text .= __before . "{" . __json_members[__name, __metric] . "}"
      __before = ","
    }
    __text .= "]}"
    __before = ","
  }
  return __text . "]}\\n"
}

function __json_start() {
  delete __json_values
  delete __json_elements
}

function __json_put(name:string, value:string) {
  if (!(name in __json_metrics)) error(sprintf("there is no metric called %s: json_add_numeric_metric() and json_add_string_metric() add one", name))
  __json_values[name] = value
}

function __json_put_element(name:string, index:string, metric:string, value:string) {
  if (!([name, metric] in __json_members)) error(sprintf("there is no metric called %s in %s", metric, name))
  __json_elements[name, index] .= sprintf(",%s:%s", __json_string(metric), value)
}

function __json_finish:string() {
  __text = "{"
  __before = ""
  foreach ([__name] in __json_values) {
    __text .= __before . __json_string(__name) . ":" . __json_values[__name]
    __before = ","
  }
  foreach ([__name] in __json_arrays) {
    __text .= __before . __json_string(__name) . ":["
    __before = ""
    foreach ([__array, __index] in __json_elements[__name, *]) {
      __text .= __before . "{\\"__id\\":" . __json_string(__index) . __json_elements[__name, __index] . "}"
      __before = ","
    }
    __text .= "]"
    __before = ","
  }
  return __text . "}\\n"
}
`;

const name: FunctionParameter = { name: "name", type: "string", meaning: "the metric's name" };
const array: FunctionParameter = { name: "array_name", type: "string", meaning: "the array's name" };
const member: FunctionParameter = { name: "metric_name", type: "string", meaning: "the metric's name in each element" };
const description: FunctionParameter = {
  name: "description",
  type: "string",
  meaning: 'what it tells; "" to leave that out',
};
const units: FunctionParameter = { name: "units", type: "string", meaning: 'what it counts; "" to leave that out' };

const EXAMPLE = `global reads
probe begin {
  json_set_prefix("reading")
  json_add_numeric_metric("calls", "all calls of read()", "count")
  json_add_string_metric("state", "how it goes")
  json_add_array("programs", "who reads")
  json_add_array_numeric_metric("programs", "calls", "its calls of read()", "count")
  json_add_array_string_metric("programs", "kind", "what it is")
}
probe syscall.read { reads[execname()]++ }
probe json_data {
  total = 0
  @json_output_data_start
  foreach ([program] in reads) {
    total += reads[program]
    @json_output_array_numeric_value("programs", program, "calls", reads[program])
    @json_output_array_string_value("programs", program, "kind", "program")
  }
  @json_output_numeric_value("calls", total)
  @json_output_string_value("state", "well")
  @json_output_data_end
}
probe timer.s(5) { exit() }`;

function adding(
  metric: string,
  summary: string,
  parameters: readonly FunctionParameter[],
  body: string,
): WrittenFunction {
  return {
    name: metric,
    topic: "metrics",
    summary: `${summary} Returns 0.`,
    parameters,
    returns: "long",
    example: EXAMPLE,
    body,
  };
}

export const servedMetricFunctions: readonly WrittenFunction[] = [
  adding(
    "json_set_prefix",
    "Sets what the names of all metrics begin with. `probe json_data` serves them in `data.json`, and what they mean in `metadata.json`, as PCP reads them.",
    [{ name: "prefix", type: "string", meaning: "the word; `stap` where nothing is set" }],
    "__json_prefix = prefix\n  return 0",
  ),
  adding(
    "json_add_numeric_metric",
    "Adds a number to what `probe json_data` serves; `@json_output_numeric_value(name, value)` tells it.",
    [name, description, units],
    'return __json_add(name, __json_description(name, "integer", description, units))',
  ),
  adding(
    "json_add_string_metric",
    "Adds a text to what `probe json_data` serves; `@json_output_string_value(name, value)` tells it.",
    [name, description],
    'return __json_add(name, __json_description(name, "string", description, ""))',
  ),
  adding(
    "json_add_array",
    "Adds an array to what `probe json_data` serves.",
    [{ ...array, name: "name" }, description],
    `delete __json_metrics[name]
  delete __json_members[name, *]
  __json_arrays[name] = __json_description(name, "array", description, "")
  return 0`,
  ),
  adding(
    "json_add_array_numeric_metric",
    "Adds a number to each element of an array; `@json_output_array_numeric_value(array_name, index, metric_name, value)` tells it.",
    [array, member, description, units],
    'return __json_add_member(array_name, metric_name, __json_description(metric_name, "integer", description, units))',
  ),
  adding(
    "json_add_array_string_metric",
    "Adds a text to each element of an array; `@json_output_array_string_value(array_name, index, metric_name, value)` tells it.",
    [array, member, description],
    'return __json_add_member(array_name, metric_name, __json_description(metric_name, "string", description, ""))',
  ),
];
