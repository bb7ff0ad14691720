// Pulumi's host for policy packs compiles with its own, older tools and checks types; tsx runs the TypeScript
// unchanged. There is no tsconfig.json here: the host would read it and fail on options that its compiler does not
// know.
require("tsx/cjs");
require("./index.ts");
