import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { EVERY_SERVICE, type Opening, openingContext, openingKey } from "../../../../verifier/src/orders/opening";
import { findOpenings, openingFor } from "../../../../verifier/src/orders/openings";
import { EVENT_TIME } from "../../../support/launch-events";
import { hoursLater } from "../../../support/orders";

const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/web/checkout";
const ID = "8f14e45f-ceea-467f-a8b3-1f2c3d4e5f60";

function opening(changes: Partial<Opening> = {}): Opening {
  const times = { from: hoursLater(-1), until: hoursLater(1) };
  return { kind: "open", id: ID, service: SERVICE, ...times, owner: "payments", reason: "hotfix", ...changes };
}

function itemOf(given: Opening, changes: Record<string, AttributeValue | undefined> = {}): unknown {
  const texts = Object.fromEntries(Object.entries(given).map(([name, S]) => [name, { S }]));
  return { ...texts, digest: { S: openingKey(given.service) }, proof: { B: Buffer.from("proof") }, ...changes };
}

function openings(
  items: readonly unknown[],
  { isProven = async () => true, openHours = 8 }: { isProven?: () => Promise<boolean>; openHours?: number } = {},
) {
  const said: string[] = [];
  const asked: string[] = [];
  const find = findOpenings({
    read: async (key) => {
      asked.push(key);
      return items.filter((item) => (item as { digest: { S: string } }).digest.S === key);
    },
    isProven,
    openHours,
    now: () => EVENT_TIME.getTime(),
    onRefused: (reason) => void said.push(`refused ${reason}`),
    onUnavailable: (reason) => void said.push(`unavailable ${reason}`),
  });
  return { find, said, asked };
}

describe("openings of the gate", () => {
  it("open it for their service, and those for all for every service", async () => {
    const own = opening();
    const every = opening({ service: EVERY_SERVICE, until: hoursLater(0.5) });

    assert.deepEqual(await openings([itemOf(own), itemOf(every)]).find(SERVICE), own);
    assert.deepEqual(await openings([itemOf(own), itemOf(every)]).find(`${SERVICE}-api`), every);
    assert.equal(await openings([itemOf(own)]).find(`${SERVICE}-api`), undefined);
  });

  for (const [what, item] of [
    ["have ended", itemOf(opening({ until: hoursLater(0) }))],
    ["last longer than the environment allows", itemOf(opening({ until: hoursLater(9) }))],
    ["begin in the future", itemOf(opening({ from: hoursLater(0.5) }))],
    ["end before they begin", itemOf(opening({ until: hoursLater(-2) }))],
    [
      "are for another service than their key says",
      itemOf(opening({ service: `${SERVICE}-api` }), { digest: { S: openingKey(SERVICE) } }),
    ],
    ["are of another kind", itemOf(opening(), { kind: { S: "block" } })],
    ["have no reason", itemOf(opening(), { reason: undefined })],
    ["have no proof", itemOf(opening(), { proof: undefined })],
    ["have a time in another form", itemOf(opening(), { from: { S: "2026-06-15T11:00:00Z" } })],
  ] as const) {
    it(`do not count if they ${what}`, async () => {
      assert.equal(await openings([item]).find(SERVICE), undefined);
    });
  }

  it("count by their end, whether they are of the service or of every one", () => {
    const [short, long] = [opening({ until: hoursLater(1) }), opening({ until: hoursLater(3) })];
    const every = opening({ service: EVERY_SERVICE, until: hoursLater(2) });
    const other = opening({ service: `${SERVICE}-api`, until: hoursLater(4) });

    assert.equal(openingFor(SERVICE, [short, long, every, other]), long);
    assert.equal(openingFor(SERVICE, [short, every, other]), every);
    assert.equal(openingFor(SERVICE, [other]), undefined);
  });

  it("do not count without a valid proof, and that is counted", async () => {
    const { find, said } = openings([itemOf(opening())], { isProven: async () => false });

    assert.equal(await find(SERVICE), undefined);
    assert.deepEqual(said, [`refused ${ID}: its proof does not hold`]);
  });

  it("do not count where KMS or the table cannot be asked, and that is counted", async () => {
    const { find, said } = openings([itemOf(opening())], {
      isProven: async () => {
        throw new Error("KMS does not answer");
      },
    });

    assert.equal(await find(SERVICE), undefined);
    assert.match(String(said), /unavailable.*KMS does not answer/);
  });

  it("are not asked for where the environment allows none", async () => {
    const { find, asked } = openings([itemOf(opening())], { openHours: 0 });

    assert.deepEqual([await find(SERVICE), asked], [undefined, []]);
  });

  it("are bound by their proof to everything that they say, and to the environment", () => {
    const contexts = [
      openingContext(opening(), "prod"),
      openingContext(opening(), "dev"),
      openingContext(opening({ service: EVERY_SERVICE }), "prod"),
      openingContext(opening({ until: hoursLater(2) }), "prod"),
      openingContext(opening({ reason: "other" }), "prod"),
      openingContext(opening({ owner: "others" }), "prod"),
    ];

    assert.equal(new Set(contexts.map((one) => JSON.stringify(one))).size, contexts.length);
    assert.equal(openingContext(opening(), "prod").kind, "open");
  });
});
