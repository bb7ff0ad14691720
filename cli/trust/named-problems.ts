import { TrustDocumentError } from "../../trust/problem";

/** Does something with the document of a file, whose problems then name the file. */
export function named<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof TrustDocumentError ? new TrustDocumentError(error.problems, file) : error;
  }
}
