// Pulumi's host for policy packs compiles with its own, older tools and checks types; tsx takes TypeScript as it stands.
// The host would read a tsconfig.json beside this file, and fail at what its compiler does not know: there is none.
require("tsx/cjs");
require("./index.ts");
