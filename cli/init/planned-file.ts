/** A file to write. */
export interface PlannedFile {
  /** From the folder. */
  readonly path: string;
  readonly text: string;
  /** One that is there already does as well, and is left alone. */
  readonly keep?: true;
  /** Whether the name of the stack is part of its name. */
  readonly ofStack?: true;
}
