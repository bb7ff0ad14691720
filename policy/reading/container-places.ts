import { type Fields, JsonUnreadableError, members, readJson } from "./provider-json";

/** A container that is read separately, because a preview may know one and not another. */
export interface ContainerPlace {
  /** Its label if it has no name. */
  readonly label: string;
  readonly read: () => unknown;
}

/** A part of a resource that has containers. */
export type ContainerSource = (props: Fields) => readonly ContainerPlace[];

/** The value of a property: JSON text in `aws`, an object in aws-native; undefined if there is none. */
export function documentIn(value: unknown, property: string): unknown {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return value;
  try {
    return readJson(value);
  } catch (error) {
    if (!(error instanceof JsonUnreadableError)) throw error;
    throw new JsonUnreadableError(`${property}: ${error.message}`, { cause: error });
  }
}

/** The containers of a list. `where` is the end of the labels of those without a name. */
export function listContainers(list: unknown, what: string, where: string): readonly ContainerPlace[] {
  return members(list, what, (read, index) => ({ label: `container ${index + 1}${where}`, read }));
}
