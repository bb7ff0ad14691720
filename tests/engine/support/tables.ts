import type { Properties } from "./properties";

/** The tables by name, as DynamoDB has them by now. Names end in random letters, so tests do not meet here. */
const tables = new Map<string, Properties>();

export function noteTable(name: string, inputs: Properties): void {
  tables.set(name, inputs);
}

/** What DescribeTable says of it (`dataSourceTableRead` of terraform-provider-aws). */
export function describeTable({ name }: Properties): Properties {
  const found = tables.get(String(name));
  if (found === undefined) throw new Error(`reading DynamoDB Table (${name}): ResourceNotFoundException`);
  return { id: name, name, deletionProtectionEnabled: found.deletionProtectionEnabled === true };
}
