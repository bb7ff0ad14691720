/** Parameters of a call, as the protocol has them: an object of JSON, or the fields of a form. */
export type AwsInput = Readonly<Record<string, unknown>>;

/** What is answered, by operation: such as `ECS.StopTask`. */
export type AwsAnswers = Readonly<Record<string, (input: AwsInput) => unknown>>;

/** An error that a service answers with: `type` is the name of the exception that the SDK makes of it. */
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
