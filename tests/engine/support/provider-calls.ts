import type { Properties } from "./properties";

/** A call of the engine that reached a provider and changed, read or asked for something. */
export interface ProviderCall {
  readonly method: "create" | "update" | "delete" | "read" | "invoke";
  /** Type token of the resource, or token of the function. */
  readonly type: string;
  /** The resource's name in the program; empty for a function. */
  readonly name: string;
  readonly preview: boolean;
  /** Without the marks of secrets. */
  readonly inputs: Properties;
}
