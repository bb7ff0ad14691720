/** Parameters of a call in the protocol's form: a JSON object, or the fields of a form. */
export type AwsInput = Readonly<Record<string, unknown>>;

/** The answers by operation, for example `ECS.StopTask`. */
export type AwsAnswers = Readonly<Record<string, (input: AwsInput) => unknown>>;

/** An error response of a service: `type` is the name of the exception that the SDK creates from it. */
export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";

  constructor(
    readonly type: string,
    message: string,
    /** Further fields of the exception. */
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
