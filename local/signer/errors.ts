/** An error response in the form of AWS services: a status, a type and a text. */
export class SignerError extends Error {
  override readonly name = "SignerError";

  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export function validationError(message: string): SignerError {
  return new SignerError(400, "ValidationException", message);
}

export function notFound(message: string): SignerError {
  return new SignerError(404, "ResourceNotFoundException", message);
}
