import { IS_COMPILED, PACKAGE_ROOT } from "../../package-root";

/** Folder with `Pulumi.yaml` and the stacks' files: the checkout, or for the npm package, which has none, the current one. */
export const DEFAULT_PROJECT = IS_COMPILED ? process.cwd() : PACKAGE_ROOT;

/** What help says of it. */
export const DEFAULT_PROJECT_TEXT = "default: the current folder; in the checkout, its own";
