import { strict as assert } from "node:assert";
import type * as z from "zod";
import type { EnvironmentConfiguration } from "../../../configuration/environment-configuration";
import type { configurationSchema } from "../../../configuration/schema";
import type { Behaviour, BehaviourArgs } from "../../../verifier/src/behaviour";
import type { behaviourSchema } from "../../../verifier/src/behaviour-schema";

/** As the interfaces are written: nobody changes what they are given. */
type Frozen<Value> = Value extends readonly (infer Entry)[]
  ? readonly Frozen<Entry>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

/** Fails to compile unless each of the two can stand for the other. */
function same<One, Other>(..._: [One] extends [Other] ? ([Other] extends [One] ? [] : [never]) : [never]): true {
  return true;
}

type Written = z.input<typeof configurationSchema>;

/** Without the trust documents, of which the schema only says that they are mappings. */
type WithoutTrust<Configuration extends { readonly verifier?: object | undefined }> = Frozen<
  Omit<Configuration, "trust" | "verifier"> & {
    readonly verifier?: Omit<NonNullable<Configuration["verifier"]>, "baseImageTrust"> | undefined;
  }
>;

describe("the documented interfaces", () => {
  it("say the same as the schemas of a stack's configuration", () => {
    assert.ok(same<WithoutTrust<EnvironmentConfiguration>, WithoutTrust<Written>>());
  });

  it("say the same as the schema of the verifier's behaviour", () => {
    assert.ok(same<Behaviour, z.infer<typeof behaviourSchema>>());
    assert.ok(same<BehaviourArgs, z.input<typeof behaviourSchema>>());
  });
});
