import { show } from "./quote";
import { type Explanation, explainedTogether, type Fault, FixableError } from "./text/fixable-error";

/** What is wrong with one value, without its location. */
export interface Finding {
  /** Continues a sentence that starts with the value: `has a tag`. */
  readonly message: string;
  readonly allowed?: string;
  readonly fix?: string;
}

/** One problem in a trust document. */
export interface Problem extends Finding {
  /** Its location, for example `statements[0].identities[1]`; empty for the whole document. */
  readonly path: string;
  /** The value as given; undefined if it is missing. */
  readonly value: unknown;
}

/** `["statements", 0, "name"]` as `statements[0].name`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return `${text}[${show(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

function toExplanation({ path, value, message, allowed, fix }: Problem): Explanation {
  return { where: path === "" ? "the document" : path, what: `${show(value)} ${message}.`, allowed, fix };
}

/** A trust document that cannot be used. Lists every problem that was found, not only the first. */
export class TrustDocumentError extends FixableError {
  override readonly name = "TrustDocumentError";

  constructor(
    readonly problems: readonly Problem[],
    /** What has the problems, for example a file name. */
    source = "The trust document",
  ) {
    super(explainedTogether(source, problems.map(toExplanation)));
  }

  get fault(): Fault {
    return "input";
  }
}
