// Pulumi's host for policy packs compiles with its own, older tools and checks types; tsx takes TypeScript as it stands.
require("tsx/cjs");
require("./index.ts");
