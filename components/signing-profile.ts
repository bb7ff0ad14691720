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

/** The longest validity of signatures, in months (AWS Signer developer guide). */
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
  /** ARN of an existing profile. With it no profile is made, and the other arguments are ignored. */
  existingArn?: pulumi.Input<string>;
  /**
   * Prefix of the profile's name: at most 38 letters, digits and underscores. Default: the component's name. The rest is
   * generated, because the name of a cancelled profile can never be used again. Ignored for a profile that exists.
   */
  namePrefix?: string;
  /**
   * How long a signature is valid, in months. Default and maximum: 135 (AWS Signer developer guide). It cannot be changed:
   * if the existing profile has another validity, the program fails with a {@link ProfileReplacementError}.
   */
  validityMonths?: pulumi.Input<number>;
  /**
   * ARN that the profile had at the last deployment, if it must keep it. If the profile is missing in Pulumi's state, since it was
   * cancelled elsewhere for instance, another one would be made: the program then fails with a {@link ProfileLostError}, before
   * that one is made, and in a preview. Default: none.
   */
  expectedArn?: string;
  /** Other accounts that may sign. Default: none. */
  signers?: readonly Signer[];
  /** Keeps Pulumi from removing the profile. Removal cancels it in AWS, which cannot be undone. Default: as the component. */
  protect?: boolean;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SigningProfileChildren | undefined;
}

/**
 * The AWS Signer profile that images are signed with: a new one, or an existing one. Removing a profile that this component
 * made cancels it: it cannot sign any more, and its signatures stay valid until they are revoked.
 */
export class SigningProfile extends pulumi.ComponentResource {
  /** ARN of the profile: what a trust document lists. */
  readonly arn: pulumi.Output<string>;
  /** ARN of the current version; undefined for an existing profile. */
  readonly versionArn: pulumi.Output<string | undefined>;

  constructor(name: string, args: SigningProfileArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SigningProfile"), name, withoutExpectation(withoutChildren(args)), opts);
    const child = prepareChildren(this, args.children, SIGNING_PROFILE_SENSITIVE);
    const made = args.existingArn === undefined ? createProfile(name, args, child) : undefined;
    this.arn = made?.arn ?? pulumi.output(args.existingArn ?? "");
    this.versionArn = made?.versionArn ?? pulumi.output(undefined);
    this.registerOutputs({ arn: this.arn, versionArn: this.versionArn });
  }
}

/** Makes a new profile, with permissions for other accounts. */
function createProfile(name: string, args: SigningProfileArgs, child: MakeChild<SigningProfileChildren>) {
  const [profileArgs, options] = child(
    "profile",
    {
      platformId: PLATFORM,
      namePrefix: args.namePrefix ?? profileNamePrefix(name),
      signatureValidityPeriod: { type: "MONTHS", value: args.validityMonths ?? LONGEST },
    },
    {
      // AWS Signer can change neither: the provider would make another profile and cancel this one.
      ignoreChanges: ["namePrefix", "signatureValidityPeriod"],
      ...withoutUndefined({ protect: args.protect, hooks: refuseCreation(name, args) }),
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
  return {
    arn: unlessReplaced(profile, profileArgs.signatureValidityPeriod, args.expectedArn),
    versionArn: profile.versionArn,
  };
}

/** A profile would have to be replaced, and images that it signed would be denied. */
export class ProfileReplacementError extends ComponentError {
  override readonly name = "ProfileReplacementError";

  constructor(profile: string, present: number, wanted: number) {
    super({
      what:
        `Signatures of the signing profile ${profile} are valid for ${present} months, which AWS Signer cannot change to ` +
        `${wanted}: a new profile would replace it, and every image that it signed would be denied.`,
      fix: `Set signingProfile.validityMonths to ${present} again. To add a new profile beside this one, see docs/rotation.md.`,
    });
  }

  get fault(): Fault {
    return "input";
  }
}

/** The profile of the last deployment is gone, and images that it signed would be denied. */
export class ProfileLostError extends ComponentError {
  override readonly name = "ProfileLostError";

  constructor(expected: string) {
    super({
      what:
        `The signing profile ${expected} of the last deployment is not in Pulumi's state: it was cancelled or removed outside of ` +
        "Pulumi, or the state lost it. A new profile would take its place as self, and every image that it signed would be denied.",
      fix:
        `List ${expected} beside self until they are signed again: docs/rotation.md. To end the trust in it, list it for one ` +
        "update, and remove it for the next.",
    });
  }

  get fault(): Fault {
    return "input";
  }
}

/** The arguments that describe the profile itself: what is expected of it changes with the first deployment. */
export function withoutExpectation<Args extends { readonly expectedArn?: string }>({ expectedArn: _, ...args }: Args) {
  return args;
}

/** Lets nothing be made in place of an expected profile. The engine calls it before a creation, also in a preview. */
function refuseCreation(name: string, { expectedArn }: SigningProfileArgs): pulumi.ResourceHookBinding | undefined {
  if (expectedArn === undefined) return undefined;
  const refuse = () => {
    throw new ProfileLostError(expectedArn);
  };
  return { beforeCreate: [new pulumi.ResourceHook(`${name}-profile-expected`, refuse, { onDryRun: true })] };
}

/** The profile's ARN, if it is the expected one and its signatures are valid for as long as requested. */
function unlessReplaced(
  profile: signer.SigningProfile,
  validity: signer.SigningProfileArgs["signatureValidityPeriod"],
  expectedArn: string | undefined,
): pulumi.Output<string> {
  return pulumi
    .all([profile.arn, profile.name, profile.signatureValidityPeriod, validity])
    .apply(([arn, name, present, wanted]) => {
      if (present?.type === "MONTHS" && wanted?.type === "MONTHS" && present.value !== wanted.value) {
        throw new ProfileReplacementError(name, present.value, wanted.value);
      }
      if (expectedArn !== undefined && arn !== expectedArn) throw new ProfileLostError(expectedArn);
      return arn;
    });
}

/** The permissions that the signers need, out of those that AWS Signer can share (AddProfilePermission). */
export function profilePermissions(signers: readonly Signer[]) {
  return signers.flatMap(({ account, mayRevoke = false }) =>
    ["SignPayload", "GetSigningProfile", ...(mayRevoke ? ["RevokeSignature"] : [])].map((action) => ({
      account,
      action,
    })),
  );
}
