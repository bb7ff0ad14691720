/** A place in a file, counted from 1. The end is the first character after it. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a value is. */
export interface Place {
  /** Its keys, from the top of the document. */
  readonly path: readonly PropertyKey[];
  readonly position: Position;
}
