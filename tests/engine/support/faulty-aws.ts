import type { Credentials } from "./aws-accounts";
import { awsPackage } from "./aws-provider";
import type { IamRoles } from "./iam-roles";
import { HalfMade, type Made, type Resource } from "./resource-kind";
import type { ProviderPackage } from "./resource-provider";
import type { SnsSubscriptions } from "./sns-subscriptions";

const FUNCTION = "aws:lambda/function:Function";
const PROFILE = "aws:signer/signingProfile:SigningProfile";

/**
 * The package `aws`, which refuses to make or change functions or to remove profiles, takes its time, or fails when something
 * is half made, when it is told to.
 */
export interface FaultyAws {
  readonly provided: ProviderPackage;
  /** From now on functions are refused with this message; undefined for no longer. */
  refuse(message: string | undefined): void;
  /** From now on signing profiles are not removed, with this message; undefined for no longer. */
  refuseRemoval(message: string | undefined): void;
  /** Cancels every signing profile that there is, outside of Pulumi. */
  cancelProfiles(): void;
  /** The creation of the next resource of a type fails after it exists, with this message, and without these inputs. */
  failHalfWay(type: string, message: string, left?: readonly string[]): void;
  /** From now on changes of resources of this type fail, or of the one with this name; undefined for no longer. */
  failUpdates(type: string | undefined, name?: string): void;
  /** The next function is made only when it is let go. */
  hold(): Held;
}

export interface Held {
  /** Resolves once the function is asked for. */
  readonly reached: Promise<void>;
  release(): void;
}

/**
 * @param subscriptions Those of SNS, for tests that look into them.
 * @param roles Those of IAM, likewise.
 * @param credentials Those in use, for tests that change them.
 */
export function faultyAws(subscriptions?: SnsSubscriptions, roles?: IamRoles, credentials?: Credentials): FaultyAws {
  const halfWay = new Map<string, Pick<HalfMade, "message" | "left">>();
  let unchanged: Unchanged = {};
  const provided = failing(awsPackage(subscriptions, undefined, roles, credentials), halfWay, () => unchanged);
  const kind = provided.kinds[FUNCTION];
  const profile = provided.kinds[PROFILE];
  if (kind === undefined || profile === undefined) throw new Error(`The stand-in has no ${FUNCTION} or ${PROFILE}.`);
  let refusal: string | undefined;
  let kept: string | undefined;
  const profiles = { made: new Set<string>(), cancelled: new Set<string>() };
  let gate: (() => Promise<void>) | undefined;
  return {
    provided: {
      ...provided,
      kinds: {
        ...provided.kinds,
        [PROFILE]: {
          ...profile,
          async create(resource) {
            const made = await profile.create(resource);
            profiles.made.add(made.id);
            return made;
          },
          // As for one that is gone (`resourceSigningProfileRead` of terraform-provider-aws).
          read(old) {
            if (profiles.cancelled.has(old.id)) return undefined;
            return profile.read === undefined ? {} : profile.read(old);
          },
          async remove(resource, old) {
            if (kept !== undefined) throw new Error(kept);
            await profile.remove?.(resource, old);
          },
        },
        [FUNCTION]: {
          ...kind,
          async create(resource) {
            const held = gate;
            gate = undefined;
            await held?.();
            if (refusal !== undefined) throw new Error(refusal);
            return kind.create(resource);
          },
          async update(resource, old) {
            if (refusal !== undefined) throw new Error(refusal);
            return (await kind.update?.(resource, old)) ?? {};
          },
        },
      },
    },
    refuse(message) {
      refusal = message;
    },
    refuseRemoval(message) {
      kept = message;
    },
    cancelProfiles() {
      for (const id of profiles.made) profiles.cancelled.add(id);
    },
    failHalfWay(type, message, left = []) {
      halfWay.set(type, { message, left });
    },
    failUpdates(type, name) {
      unchanged = { type, name };
    },
    hold() {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        gate = () => {
          resolve();
          return released;
        };
      });
      return { reached, release: () => release() };
    },
  };
}

/** What cannot be changed: resources of a type, or only the one with this name. */
interface Unchanged {
  readonly type?: string | undefined;
  readonly name?: string | undefined;
}

/** The package, in which the next creation of each given type fails after the resource exists, and each change of what is unchanged. */
function failing(
  provided: ProviderPackage,
  halfWay: Map<string, Pick<HalfMade, "message" | "left">>,
  unchanged: () => Unchanged,
): ProviderPackage {
  const kinds = Object.entries(provided.kinds).map(([type, kind]) => {
    const create = async (resource: Resource) => {
      const made = await kind.create(resource);
      const fault = halfWay.get(type);
      halfWay.delete(type);
      if (fault !== undefined) throw new HalfMade(fault.message, made, fault.left);
      return made;
    };
    const update = async (resource: Resource, old: Made) => {
      const { type: failing, name = resource.name } = unchanged();
      if (failing === type && name === resource.name)
        throw new Error(`updating ${type} ${old.id}: ThrottlingException: Rate exceeded`);
      return (await kind.update?.(resource, old)) ?? {};
    };
    return [type, { ...kind, create, update }];
  });
  return { ...provided, kinds: Object.fromEntries(kinds) };
}
