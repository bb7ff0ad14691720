/** AWS's own example of an access key: the stand-ins accept any, and nothing else accepts this one. */
export const STAND_IN_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "made-up-for-the-stand-in",
  AWS_EC2_METADATA_DISABLED: "true",
} as const;
