import type { ResourceValidationArgs } from "@pulumi/policy";
import * as z from "zod";
import { typeToken } from "../../components/type-token";
import { known } from "./preview-values";

const verification: string = typeToken("ImageVerification");

const inputs = z.object({
  account: z.string(),
  region: z.string(),
  trust: z.record(z.string(), z.unknown()),
  signingProfile: z.object({ existingArn: z.string().optional() }).optional(),
});

/** The environment of an `ImageVerification` component. */
export interface ComponentEnvironment {
  readonly account: string;
  readonly region: string;
  /** The trust document, not yet checked. */
  readonly trust: Readonly<Record<string, unknown>>;
  /** The signing profile, unless the component creates one. */
  readonly signingProfileArn: string | undefined;
}

/** The `ImageVerification` components of a run. */
export interface ComponentEnvironments {
  /** Stores a resource. Call it for every resource of a run: parents are registered before their children. */
  notice(args: Pick<ResourceValidationArgs, "type" | "urn" | "opts" | "props">): void;
  /**
   * The environment of the component that a resource belongs to, if that component states one.
   *
   * @throws `UnknownValueError` for values that a preview does not know.
   */
  around(urn: string): ComponentEnvironment | undefined;
}

/** Starts a run without any resource. */
export function componentEnvironments(): ComponentEnvironments {
  const parents = new Map<string, string | undefined>();
  const components = new Map<string, ResourceValidationArgs["props"]>();
  const around = (urn: string): ComponentEnvironment | undefined => {
    const parent = parents.get(urn);
    if (parent === undefined) return undefined;
    const props = components.get(parent);
    return props === undefined ? around(parent) : toEnvironment(props);
  };
  return {
    notice({ type, urn, opts, props }) {
      parents.set(urn, opts.parent);
      if (type === verification) components.set(urn, props);
    },
    around,
  };
}

function toEnvironment(props: ResourceValidationArgs["props"]): ComponentEnvironment | undefined {
  const { account, region, trust, signingProfile } = props;
  const { data } = inputs.safeParse(known({ account, region, trust, signingProfile }));
  if (data === undefined) return undefined;
  return {
    account: data.account,
    region: data.region,
    trust: data.trust,
    signingProfileArn: data.signingProfile?.existingArn,
  };
}
