import { show } from "./quote";
import { type Explanation, explainedTogether, type Fault, FixableError } from "./text/fixable-error";

/** What is wrong with one value, without saying where it stands. */
export interface Finding {
  /** Completes a sentence that begins with the value: `has a tag`. */
  readonly message: string;
  readonly allowed?: string;
  readonly fix?: string;
}

/** One thing that is wrong with a trust document. */
export interface Problem extends Finding {
  /** Where it stands, such as `statements[0].identities[1]`; empty for the document as a whole. */
  readonly path: string;
  /** The value as it was given; undefined if it is missing. */
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

/** A trust document that cannot be used. Carries every problem that was found, not only the first. */
export class TrustDocumentError extends FixableError {
  override readonly name = "TrustDocumentError";

  constructor(
    readonly problems: readonly Problem[],
    /** What had the problems; a file name, for instance. */
    source = "The trust document",
  ) {
    super(explainedTogether(source, problems.map(toExplanation)));
  }

  get fault(): Fault {
    return "input";
  }
}
