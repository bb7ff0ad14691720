import assert from "node:assert/strict";
import { parseService } from "../../../../cli/gate/service-argument";
import { isSameCluster, parseCluster } from "../../../../cli/launches/verdict-options";
import { UsageError } from "../../../../cli/lib/errors";
import { collect } from "../../../../cli/lib/repeatable";
import type { ServiceReference } from "../../../../verifier/src/gate/attachment/service-reference";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";
const WEB = `${HEAD}:service/shop/web`;
const FOREIGN = "arn:aws:ecs:eu-west-1:444455556666";

const services = (...words: readonly string[]) =>
  words
    .reduce<readonly ServiceReference[]>((before, word) => parseService(word, before), [])
    .map(({ service }) => service);

describe("services that a person names", () => {
  it("count once, by name or ARN, in any order", () => {
    assert.deepEqual(services("shop/web", "shop/api", "shop/web"), ["web", "api"]);
    assert.deepEqual(services("shop/web", WEB), [WEB]);
    assert.deepEqual(services(WEB, "shop/web", WEB), [WEB]);
  });

  it("are two in different clusters, and with different ARNs", () => {
    assert.deepEqual(services("shop/web", "other/web"), ["web", "web"]);
    assert.deepEqual(services(WEB, `${FOREIGN}:service/shop/web`), [WEB, `${FOREIGN}:service/shop/web`]);
  });
});

describe("clusters that a person names", () => {
  const add = collect("--cluster", parseCluster, isSameCluster);
  const clusters = (...words: readonly string[]) =>
    words.reduce<readonly string[]>((before, word) => add(word, before), []);

  it("cannot be given twice, by name or ARN: each of their services would count twice", () => {
    const arn = `${HEAD}:cluster/shop`;
    for (const words of [
      ["shop", "shop"],
      ["shop", arn],
      [arn, "shop"],
      [arn, arn],
    ]) {
      assert.throws(() => clusters(...words), UsageError);
    }
    assert.throws(() => clusters("shop", arn), { message: `--cluster ${arn} is given twice, before as shop.` });
  });

  it("are two with different names or ARNs", () => {
    assert.deepEqual(clusters("shop", "shop-eu"), ["shop", "shop-eu"]);
    assert.equal(clusters(`${HEAD}:cluster/shop`, `${FOREIGN}:cluster/shop`).length, 2);
  });
});
