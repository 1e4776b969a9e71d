/** Macros that every script has, as SystemTap's library of macros gives them. */
import type { Source } from "../compiler/source.js";

/** What a condition of `@defined` decides is not looked at where it is not there. */
const choices = `
@define choose_defined(first, second) %( (@defined(@first) ? @first : @second) %)
`;

/** A type stands in quotes, a member does not. A structure's size is where the next one in an array of them begins. */
const types = `
@define type_defined(type) %( @defined(@cast(0, @type)) %)
@define type_member_defined(type, member) %( @defined(@cast(0, @type)->@member) %)
@define container_of(pointer, type, member) %( @cast(@pointer - &@cast(0, @type)->@member, @type) %)
@define cast_sizeof(type) %( (&@cast(0, @type)[1]) %)
@define cast_module_sizeof(module, type) %( (&@cast(0, @type, @module)[1]) %)
`;

/** `@prometheus_dump_array2(array, "name", "label1", "label2")` writes an array of numbers with two keys in Prometheus's text format. */
function prometheusMacro(keys: number): string {
  const numbers = Array.from({ length: keys }, (_, index) => index + 1);
  const list = (item: (number: number) => string): string => numbers.map(item).join(", ");
  const key = (number: number): string => `__key${number}_of_${keys}`;
  return `@define prometheus_dump_array${keys}(array, name, ${list((number) => `label${number}`)}) %(
  foreach ([${list(key)}] in @array)
    $value .= sprintf("%s{${numbers.map(() => '%s=\\"%s\\"').join(",")}} %d\\n", @name, ${list((number) => `@label${number}, __prometheus_label(sprint(${key(number)}))`)}, @array[${list(key)}])
%)`;
}

/** Keys of an array that Prometheus is told of, at most. */
const LABELS = 9;

/** What `probe json_data` does between start and end. */
const json = `
@define json_output_data_start %( __json_start() %)
@define json_output_numeric_value(name, value) %( __json_put(@name, sprintf("%d", @value)) %)
@define json_output_string_value(name, value) %( __json_put(@name, __json_string(@value)) %)
@define json_output_array_numeric_value(array, index, metric, value) %( __json_put_element(@array, @index, @metric, sprintf("%d", @value)) %)
@define json_output_array_string_value(array, index, metric, value) %( __json_put_element(@array, @index, @metric, __json_string(@value)) %)
@define json_output_data_end %( $value = __json_finish() %)
`;

export const macroLibrary: readonly Source[] = [
  { name: "tapset/choices", text: choices },
  { name: "tapset/types", text: types },
  {
    name: "tapset/prometheus",
    text: Array.from({ length: LABELS }, (_, index) => prometheusMacro(index + 1)).join("\n"),
  },
  { name: "tapset/json", text: json },
];
