import assert from "node:assert/strict";
import fc from "fast-check";
import { repositoryOf } from "../../../../trust/reference";
import type { FindingFacts } from "../../../../verifier/src/findings/finding-facts";
import { findingId } from "../../../../verifier/src/findings/finding-id";
import { anyCharacter } from "../../../support/any-character";
import { CONTEXT, findingFacts } from "../../../support/findings";
import { DIGEST, OTHER_DIGEST, REPOSITORY } from "../../../support/launch-events";

const idOf = (changes: Partial<FindingFacts> = {}) => findingId(CONTEXT, findingFacts(changes));
const cluster = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:cluster/${name}`;

describe("the id of a finding", () => {
  it("names where the image runs, and its repository and digest", () => {
    const image = `${REPOSITORY}@${DIGEST}`;

    assert.equal(idOf(), `ecs-image-verification/111122223333/eu-west-1/prod/orders/service:shop/web/${image}`);
  });

  it("has a hash of the reference in place of a repository that cannot be told", () => {
    const [one, other] = ["not a reference", "not one either"].map((reference) => idOf({ reference }));

    assert.match(one ?? "", new RegExp(`/web/reference:[0-9a-f]{64}@${DIGEST}$`));
    assert.notEqual(one, other);
  });

  it("has the family where there is no service, and a hash of the reference where there is no digest", () => {
    assert.match(
      idOf({ group: undefined, digest: undefined, reference: "app:1" }),
      /\/orders\/family:worker\/web\/reference:[0-9a-f]{64}$/,
    );
  });

  const same: readonly (readonly [string, Partial<FindingFacts>])[] = [
    ["another task", { task: "arn:aws:ecs:eu-west-1:111122223333:task/orders/0" }],
    ["another revision", { taskDefinition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/worker:8" }],
    ["another verdict", { status: "inconclusive", code: "signer-unavailable", detail: "no answer" }],
    ["another tag of the digest", { reference: `${REPOSITORY}:2@${DIGEST}` }],
    ["a reference by tag alone", { reference: `${REPOSITORY}:2` }],
    ["another text for the same registry", { reference: `${REPOSITORY.toUpperCase().split("/")[0]}/team/app` }],
  ];
  for (const [what, changes] of same) {
    it(`stays the same for ${what}`, () => assert.equal(idOf(changes), idOf()));
  }

  const other: readonly (readonly [string, Partial<FindingFacts>])[] = [
    ["cluster", { cluster: cluster("web") }],
    ["service", { group: "service:shop2" }],
    ["container", { container: "proxy" }],
    ["digest", { digest: OTHER_DIGEST }],
    ["repository", { reference: `${REPOSITORY}2:1@${DIGEST}` }],
    ["registry", { reference: `registry.example/team/app:1@${DIGEST}` }],
  ];
  for (const [what, changes] of other) {
    it(`is another one for another ${what}`, () => assert.notEqual(idOf(changes), idOf()));
  }

  it("keeps a service apart from a family of its name", () => {
    const taskDefinition = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop:1";

    assert.notEqual(idOf({ group: "family:shop", taskDefinition }), idOf({ group: "service:shop", taskDefinition }));
  });

  it("is of printable ASCII and at most 512 characters, and never the same for two places, whatever their names", () => {
    const text = fc.string({
      unit: fc.oneof(anyCharacter, fc.constantFrom("/", ":", "%", "a")),
      minLength: 1,
      maxLength: 300,
    });
    const repository = fc.oneof(
      fc.constantFrom(REPOSITORY, "registry.example/team/app", "registry.example:5000/app", "app"),
      fc.stringMatching(/^[a-z0-9]{1,40}(\/[a-z0-9]{1,40}){1,5}$/),
    );
    const place = fc.record({
      group: text.map((name) => `service:${name}`),
      container: text,
      reference: fc.tuple(repository, fc.constantFrom("1", "2")).map((parts) => parts.join(":")),
      digest: fc.constantFrom(DIGEST, OTHER_DIGEST),
    });
    /** Often the same place, and the same digest, of another repository. */
    const places = fc.oneof(
      fc.tuple(place, place),
      fc.tuple(place, repository).map(([one, other]) => [one, { ...one, reference: other }] as const),
    );
    fc.assert(
      fc.property(places, ([one, two]) => {
        const [first, second] = [idOf(one), idOf(two)];

        for (const id of [first, second]) {
          assert.match(id, /^[\x21-\x7e]{1,512}$/);
          assert.ok(id.startsWith("ecs-image-verification/111122223333/eu-west-1/prod/"));
        }
        const isSame =
          one.container === two.container &&
          one.group === two.group &&
          one.digest === two.digest &&
          repositoryOf(one.reference) === repositoryOf(two.reference);
        // A group with a line break in its first part names no service: its family stands for it.
        if (!/[\n\r\u2028\u2029]/.test(one.group + two.group)) assert.equal(first === second, isSame);
      }),
      { numRuns: 500 },
    );
  });
});
