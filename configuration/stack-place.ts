/** The account and region of a stack. */
export interface StackPlace {
  readonly account: string;
  readonly region: string | undefined;
}
