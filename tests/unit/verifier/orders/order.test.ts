import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { parseOrder } from "../../../../verifier/src/orders/order";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { block, exemption, itemOf } from "../../../support/orders";

describe("an order in the table", () => {
  it("is read as it was written, with and without what it may leave out", () => {
    for (const order of [block(), block({ owner: "security", until: "2026-07-01T00:00:00.000Z" }), exemption()]) {
      assert.deepEqual(parseOrder(itemOf(order), DIGEST), { order, proof: Buffer.from("proof") });
    }
    const digest = `sha512:${"a".repeat(128)}`;
    assert.equal(typeof parseOrder(itemOf(block({ digest })), digest), "object");
  });

  it("may have further attributes, such as the one by which the table forgets it", () => {
    assert.equal(typeof parseOrder({ ...itemOf(block()), expiresAt: { N: "1" } }, DIGEST), "object");
  });

  const hostile: readonly [name: string, changes: Readonly<Record<string, AttributeValue | undefined>>, why: RegExp][] =
    [
      ["of a kind that there is not", { kind: { S: "open" } }, /^unreadable: kind$/],
      ["without a kind", { kind: undefined }, /^unreadable: kind$/],
      ["with an id that is none", { id: { S: "1" } }, /^unreadable: id$/],
      ["with a number as its id", { id: { N: "1" } }, /^unreadable: id$/],
      ["about something else than a digest", { digest: { S: "latest" } }, /^unreadable: digest$/],
      ["about another digest", { digest: { S: OTHER_DIGEST } }, /^about another digest$/],
      ["with a date for a time", { from: { S: "2026-06-15" } }, /^unreadable: from$/],
      ["with a time of another zone", { until: { S: "2026-06-15T12:00:00.000+02:00" } }, /^unreadable: until$/],
      ["with a time that there is not", { until: { S: "2026-06-31T12:00:00.000Z" } }, /^unreadable: until$/],
      ["with a time of the year 10000", { until: { S: "+010000-01-01T00:00:00.000Z" } }, /^ends before it begins$/],
      ["that ends before it begins", { until: { S: "2020-01-01T00:00:00.000Z" } }, /^ends before it begins$/],
      ["without an end", { until: undefined }, /^an exemption without an end or an owner$/],
      ["without an owner", { owner: undefined }, /^an exemption without an end or an owner$/],
      ["with a line break in the owner", { owner: { S: "a\nb" } }, /^unreadable: owner$/],
      ["with an empty reason", { reason: { S: " " } }, /^unreadable: reason$/],
      ["with an endless reason", { reason: { S: "x".repeat(501) } }, /^unreadable: reason$/],
      ["with a reason that turns the line around", { reason: { S: "a\u202eb" } }, /^unreadable: reason$/],
      ["with a reason of two lines", { reason: { S: "a\u2028b" } }, /^unreadable: reason$/],
      ["with an image of two lines", { image: { S: "a\nb" } }, /^unreadable: image$/],
      ["without a proof", { proof: undefined }, /^unreadable: proof$/],
      ["with a text for its proof", { proof: { S: "proof" } }, /^unreadable: proof$/],
      ["with an empty proof", { proof: { B: new Uint8Array() } }, /^unreadable: proof$/],
      ["with an endless proof", { proof: { B: new Uint8Array(2049) } }, /^unreadable: proof$/],
    ];
  for (const [name, changes, why] of hostile) {
    it(`is none ${name}, and the reason quotes nothing of it`, () => {
      const item = Object.fromEntries(Object.entries({ ...itemOf(exemption()), ...changes }).filter(([, one]) => one));

      assert.match(String(parseOrder(item, DIGEST)), why);
    });
  }

  for (const value of [undefined, null, 1, "text", [], {}]) {
    it(`is none as ${JSON.stringify(value)}`, () => {
      assert.equal(typeof parseOrder(value, DIGEST), "string");
    });
  }
});
