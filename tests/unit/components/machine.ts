/** The environment of a machine that has all that a deployment needs. Nobody asks whether an engine behind SSH is there. */
export const MACHINE = {
  DOCKER_HOST: "ssh://builder",
  NOTATION_VERIFIER: "/a/verifier",
  SIGNER_PLUGIN: "/a/plugin",
};
