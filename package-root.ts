/**
 * The folder that all files of this product are found from: the checkout, or the compiled copy of it in the npm package
 * (`lib`), which has the same files at the same places. Nothing is written there.
 */
export const PACKAGE_ROOT = __dirname;

/** Whether this is compiled JavaScript, with all that is built beside it, and not the checkout's TypeScript. */
export const IS_COMPILED = __filename.endsWith(".js");
