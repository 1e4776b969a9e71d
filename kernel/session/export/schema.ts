import type { ExportedAbout, ExportedTable } from "./columns.js";

/** What the columns are, as JSON. */
export interface ExportedSchema extends ExportedAbout {
  readonly columns: readonly {
    readonly name: string;
    readonly type: "long" | "double" | "string";
    readonly unit?: string;
    readonly meaning?: string;
  }[];
}

export function schemaOf({ about, columns }: ExportedTable): ExportedSchema {
  const described = columns.map(({ name, type, unit, meaning }) => ({
    name,
    type,
    ...(unit === undefined ? {} : { unit }),
    ...(meaning === undefined ? {} : { meaning }),
  }));
  return { ...about, columns: described };
}

/** Under which name Arrow and Parquet carry the schema in their metadata. */
export const SCHEMA_KEY = "tapbook";
