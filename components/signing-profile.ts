import * as signer from "@pulumi/aws/signer";
import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "./type-token";

/** The platform for container images (AWS Signer developer guide, "Signing platforms"). */
const PLATFORM = "Notation-OCI-SHA384-ECDSA";

/** An account that may sign with a profile. */
export interface Signer {
  /** AWS account: 12 digits. */
  readonly account: string;
  /** Whether it may revoke signatures as well. Default: false, since it could then deny what others signed. */
  readonly mayRevoke?: boolean;
}

export interface SigningProfileArgs {
  /** ARN of a profile that is there already. With it none is made, and the other arguments mean nothing. */
  existingArn?: pulumi.Input<string>;
  /**
   * Begins the profile's name: letters, digits and underscores, at most 38. Default: the component's name. The rest is
   * made up: the name of a profile that was cancelled can never be used again.
   */
  namePrefix?: string;
  /** How long a signature is valid, in months. Default and maximum: 135 (AWS Signer developer guide). */
  validityMonths?: pulumi.Input<number>;
  /** Other accounts that may sign. Default: none. */
  signers?: readonly Signer[];
  /** Keeps Pulumi from removing the profile. Removing it cancels it in AWS, for ever. Default: as the component. */
  protect?: boolean;
}

/**
 * The profile of AWS Signer that images are signed with: a new one, or one that is there already. Removing a new one
 * cancels it: it signs no more, and what it has signed stays valid until it is revoked.
 */
export class SigningProfile extends pulumi.ComponentResource {
  /** ARN of the profile: what a trust document lists. */
  readonly arn: pulumi.Output<string>;
  /** ARN of the present version; undefined for a profile that was there already. */
  readonly versionArn: pulumi.Output<string | undefined>;

  constructor(name: string, args: SigningProfileArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SigningProfile"), name, { ...args }, opts);
    const profile = args.existingArn === undefined ? this.createProfile(name, args) : undefined;
    this.arn = profile?.arn ?? pulumi.output(args.existingArn ?? "");
    this.versionArn = profile?.versionArn ?? pulumi.output(undefined);
    this.registerOutputs({ arn: this.arn, versionArn: this.versionArn });
  }

  private createProfile(name: string, args: SigningProfileArgs): signer.SigningProfile {
    const profile = new signer.SigningProfile(
      `${name}-profile`,
      {
        platformId: PLATFORM,
        namePrefix: args.namePrefix ?? profileNamePrefix(name),
        signatureValidityPeriod: { type: "MONTHS", value: args.validityMonths ?? 135 },
      },
      pulumi.mergeOptions({ parent: this }, args.protect === undefined ? {} : { protect: args.protect }),
    );
    for (const { account, action } of profilePermissions(args.signers ?? [])) {
      new signer.SigningProfilePermission(
        `${name}-${account}-${action}`,
        {
          profileName: profile.name,
          action: `signer:${action}`,
          principal: account,
          statementId: `${action}${account}`,
        },
        { parent: this },
      );
    }
    return profile;
  }
}

/** A name as AWS Signer allows it (2 to 64 letters, digits, underscores), with room for the 26 that are made up. */
export function profileNamePrefix(name: string): string {
  return `${name.replace(/[^A-Za-z0-9]+/g, "_").slice(0, 37)}_`;
}

/** Each permission that the signers need. What they share is all that AWS Signer can share (AddProfilePermission). */
export function profilePermissions(signers: readonly Signer[]) {
  return signers.flatMap(({ account, mayRevoke = false }) =>
    ["SignPayload", "GetSigningProfile", ...(mayRevoke ? ["RevokeSignature"] : [])].map((action) => ({
      account,
      action,
    })),
  );
}
