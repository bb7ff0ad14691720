/** What closes one thing that was opened. */
export type Closer = () => unknown;

/** The closers of all that was opened. */
export interface Closers {
  later(closer: Closer): void;
  /** What was opened last is closed first, and a failure does not prevent the others from being closed. */
  close(): Promise<void>;
}

export function makeClosers(): Closers {
  const closers: Closer[] = [];
  const close = async (): Promise<void> => {
    const closer = closers.pop();
    if (closer === undefined) return;
    try {
      await closer();
    } finally {
      await close();
    }
  };
  return { later: (closer) => void closers.push(closer), close };
}
