import * as signer from "@pulumi/aws/signer";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../trust/text/fixable-error";
import { withoutUndefined } from "../trust/text/without-undefined";
import { profileNamePrefix } from "./aws/aws-names";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { ComponentError } from "./program-error";
import { typeToken } from "./type-token";

/** The platform for container images (AWS Signer developer guide, "Signing platforms"). */
const PLATFORM = "Notation-OCI-SHA384-ECDSA";

/** In months. */
const LONGEST = 135;

/** An account that may sign with a profile. */
export interface Signer {
  /** AWS account: 12 digits. */
  readonly account: string;
  /** Whether it may revoke signatures as well. Default: false, since it could then deny what others signed. */
  readonly mayRevoke?: boolean;
}

export interface SigningProfileChildren {
  readonly profile?: Child<signer.SigningProfileArgs>;
  /** Each permission of another account. */
  readonly permission?: Child<signer.SigningProfilePermissionArgs>;
}

export const SIGNING_PROFILE_SENSITIVE: Sensitive<SigningProfileChildren> = {
  profile: ["platformId", "signatureValidityPeriod"],
  permission: ["action", "principal", "profileName"],
};

export interface SigningProfileArgs {
  /** ARN of a profile that is there already. With it none is made, and the other arguments mean nothing. */
  existingArn?: pulumi.Input<string>;
  /**
   * Begins the profile's name: letters, digits and underscores, at most 38. Default: the component's name. The rest is
   * made up: the name of a profile that was cancelled can never be used again. Means nothing for a profile that is there.
   */
  namePrefix?: string;
  /**
   * How long a signature is valid, in months. Default and maximum: 135 (AWS Signer developer guide). It cannot be changed:
   * the program fails with a {@link ProfileReplacementError} where the profile that is there has another one.
   */
  validityMonths?: pulumi.Input<number>;
  /** Other accounts that may sign. Default: none. */
  signers?: readonly Signer[];
  /** Keeps Pulumi from removing the profile. Removing it cancels it in AWS, which cannot be undone. Default: as the component. */
  protect?: boolean;
  /** Changes to single resources that it makes: docs/components.md. */
  children?: SigningProfileChildren | undefined;
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
    super(typeToken("SigningProfile"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, SIGNING_PROFILE_SENSITIVE);
    const made = args.existingArn === undefined ? createProfile(name, args, child) : undefined;
    this.arn = made?.arn ?? pulumi.output(args.existingArn ?? "");
    this.versionArn = made?.versionArn ?? pulumi.output(undefined);
    this.registerOutputs({ arn: this.arn, versionArn: this.versionArn });
  }
}

/** A new profile, and who else may use it. */
function createProfile(name: string, args: SigningProfileArgs, child: MakeChild<SigningProfileChildren>) {
  const [profileArgs, options] = child(
    "profile",
    {
      platformId: PLATFORM,
      namePrefix: args.namePrefix ?? profileNamePrefix(name),
      signatureValidityPeriod: { type: "MONTHS", value: args.validityMonths ?? LONGEST },
    },
    {
      // AWS Signer changes neither: the provider would make another profile and cancel this one.
      ignoreChanges: ["namePrefix", "signatureValidityPeriod"],
      ...withoutUndefined({ protect: args.protect }),
    },
  );
  const profile = new signer.SigningProfile(`${name}-profile`, profileArgs, options);
  for (const { account, action } of profilePermissions(args.signers ?? [])) {
    new signer.SigningProfilePermission(
      `${name}-${account}-${action}`,
      ...child("permission", {
        profileName: profile.name,
        action: `signer:${action}`,
        principal: account,
        statementId: `${action}${account}`,
      }),
    );
  }
  return { arn: unlessReplaced(profile, profileArgs.signatureValidityPeriod), versionArn: profile.versionArn };
}

/** A profile would have to be replaced, and what it has signed would be denied. */
export class ProfileReplacementError extends ComponentError {
  override readonly name = "ProfileReplacementError";

  constructor(profile: string, present: number, wanted: number) {
    super({
      what:
        `Signatures of the signing profile ${profile} are valid for ${present} months, which AWS Signer cannot change to ` +
        `${wanted}: another profile would take its place, and every image that this one signed would be denied.`,
      fix: `Set signingProfile.validityMonths to ${present} again. A new profile beside this one: docs/rotation.md.`,
    });
  }

  get fault(): Fault {
    return "input";
  }
}

/** The profile's ARN, if what it signs is valid for as long as it should be. */
function unlessReplaced(
  profile: signer.SigningProfile,
  validity: signer.SigningProfileArgs["signatureValidityPeriod"],
): pulumi.Output<string> {
  return pulumi
    .all([profile.arn, profile.name, profile.signatureValidityPeriod, validity])
    .apply(([arn, name, present, wanted]) => {
      if (present?.type === "MONTHS" && wanted?.type === "MONTHS" && present.value !== wanted.value) {
        throw new ProfileReplacementError(name, present.value, wanted.value);
      }
      return arn;
    });
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
