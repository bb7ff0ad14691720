/**
 * Variables that are passed to the notation process, and through it to the Signer plugin, on Lambda. All others are
 * removed: a proxy or endpoint variable, for example, could disable the revocation check.
 */
export const LAMBDA_VARIABLES = [
  "AWS_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/**
 * Variables that are passed when an operator runs it: also the machine's profiles, roles, instance and proxy settings.
 */
export const OPERATOR_VARIABLES = [
  ...LAMBDA_VARIABLES,
  "AWS_DEFAULT_REGION",
  "AWS_PROFILE",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_EC2_METADATA_DISABLED",
  "AWS_CA_BUNDLE",
  "HOME",
  "PATH",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
] as const;

/**
 * The environment of a command that an operator runs. `region`: the region of AWS Signer; default: that of `source`.
 */
export function operatorEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  region?: string,
): Record<string, string> {
  const environment = allowedEnvironment(source, OPERATOR_VARIABLES);
  return region === undefined ? environment : { ...environment, AWS_REGION: region };
}

/** The variables of `source` whose names are allowed. */
export function allowedEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  allowed: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    allowed.flatMap((name) => {
      const value = source[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
