import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { findPartition, isRegionName, type Partition } from "../../../trust/partition";
import { KNOWN_REGIONS, regionsOf } from "../../../trust/regions";

const partitions = z.array(z.object({ id: z.string(), regions: z.record(z.string(), z.unknown()) }));

/** The regions in the endpoint rules of the installed AWS SDK, which it does not export. */
function regionsOfSdk() {
  const folder = dirname(require.resolve("@aws-sdk/core/package.json"));
  const file = join(folder, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const [, json = ""] = /partitionsInfo = (\{.*?\});?\s*$/s.exec(readFileSync(file, "utf8")) ?? [];
  // A literal with unquoted keys would not be JSON.
  const value: unknown = new Function(`return ${json}`)();
  return z.object({ partitions }).parse(value).partitions;
}

describe("the known regions", () => {
  it("are those of the AWS SDK: if this fails after an update, change trust/regions.ts", () => {
    for (const { id, regions } of regionsOfSdk()) {
      // Such as aws-global, which stands for services without a region.
      const named = Object.keys(regions).filter((region) => !region.endsWith("-global"));
      assert.deepEqual(regionsOf(id as Partition), named.sort(), id);
    }
    assert.equal(
      regionsOfSdk()
        .flatMap(({ regions }) => Object.keys(regions))
        .filter((one) => !one.endsWith("-global")).length,
      KNOWN_REGIONS.length,
    );
  });

  it("have the form of a region, and are in their partition", () => {
    for (const region of KNOWN_REGIONS) {
      assert.ok(isRegionName(region), region);
      assert.ok(regionsOf(findPartition(region)).includes(region), region);
    }
  });
});
