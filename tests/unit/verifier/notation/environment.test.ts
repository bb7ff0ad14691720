import assert from "node:assert/strict";
import {
  allowedEnvironment,
  LAMBDA_VARIABLES,
  OPERATOR_VARIABLES,
} from "../../../../verifier/src/notation/environment";

describe("the environment of the notation process", () => {
  it("has the allowed variables that are set, and nothing else", () => {
    const source = { AWS_REGION: "eu-west-1", AWS_SESSION_TOKEN: "", SSL_CERT_FILE: undefined, SECRET: "x" };

    assert.deepEqual(allowedEnvironment(source, LAMBDA_VARIABLES), { AWS_REGION: "eu-west-1", AWS_SESSION_TOKEN: "" });
  });

  const silencing = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SIGNER",
    "AWS_SIGNER_NOTATION_PLUGIN_DEBUG",
    "AWS_MAX_ATTEMPTS",
    "NOTATION_CONFIG",
    "NOTATION_PASSWORD",
    "LD_PRELOAD",
    "GODEBUG",
    "NODE_OPTIONS",
  ];
  for (const [name, allowed] of Object.entries({ LAMBDA_VARIABLES, OPERATOR_VARIABLES })) {
    it(`${name} lets none through that could silence the revocation check or change the program`, () => {
      const source = Object.fromEntries(silencing.map((variable) => [variable, "x"]));

      assert.deepEqual(allowedEnvironment(source, allowed), {});
    });
  }

  it("on Lambda has no proxy, profile or credentials source besides the function's role", () => {
    const source = Object.fromEntries(OPERATOR_VARIABLES.map((variable) => [variable, "x"]));

    assert.deepEqual(Object.keys(allowedEnvironment(source, LAMBDA_VARIABLES)).sort(), [...LAMBDA_VARIABLES].sort());
    for (const variable of LAMBDA_VARIABLES) assert.doesNotMatch(variable, /PROXY|PROFILE|CONFIG|CONTAINER|HOME|PATH/i);
  });
});
