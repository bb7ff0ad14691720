import assert from "node:assert/strict";
import { ecrHost, findPartition, parseEcrHost, trustStoreName } from "../../../trust/partition";

describe("partitionOf", () => {
  for (const [region, partition] of [
    ["eu-west-1", "aws"],
    ["us-east-1", "aws"],
    ["mx-central-1", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
  ] as const) {
    it(`is ${partition} for ${region}`, () => {
      assert.equal(findPartition(region), partition);
    });
  }

  for (const text of ["", "EU-WEST-1", "eu-west", "eu-west-1a", "eu-west-1 ", "europe-west-1", "aws-global"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => findPartition(text), {
        name: "LocationInvalidError",
        message: `"${text}" is not an AWS region. Use a region name such as "eu-west-1".`,
      });
    });
  }
});

describe("ecrHost", () => {
  it("is on the domain of the partition", () => {
    assert.equal(ecrHost("111122223333", "eu-west-1"), "111122223333.dkr.ecr.eu-west-1.amazonaws.com");
    assert.equal(ecrHost("111122223333", "us-gov-west-1"), "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com");
    assert.equal(ecrHost("111122223333", "cn-north-1"), "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn");
  });

  it("refuses what is not an account", () => {
    assert.throws(() => ecrHost("1234", "eu-west-1"), {
      name: "LocationInvalidError",
      message: '"1234" is not an AWS account. An account ID has exactly 12 digits.',
    });
  });
});

describe("parseEcrHost", () => {
  for (const [host, region] of [
    ["111122223333.dkr.ecr.eu-west-1.amazonaws.com", "eu-west-1"],
    ["111122223333.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1"],
    ["111122223333.dkr-ecr.eu-west-1.on.aws", "eu-west-1"],
    ["111122223333.dkr-ecr-fips.us-gov-west-1.on.aws", "us-gov-west-1"],
    ["111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"],
  ] as const) {
    it(`knows ${host}`, () => {
      assert.deepEqual(parseEcrHost(host), { account: "111122223333", region });
    });
  }

  for (const host of [
    "",
    "docker.io",
    "public.ecr.aws",
    "11112222333.dkr.ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com.evil.example",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com.cn",
    "111122223333.dkr.ecr.cn-north-1.amazonaws.com",
    "111122223333.dkr.ecr.eu-west-1.on.aws",
    "111122223333.dkr-ecr.eu-west-1.amazonaws.com",
    "111122223333.dkr.ecr.evil.amazonaws.com",
    "111122223333.dkr.ecr.eu-west-1xamazonaws.com",
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com:443",
    "x111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  ]) {
    it(`does not take ${JSON.stringify(host)} for ECR`, () => {
      assert.equal(parseEcrHost(host), undefined);
    });
  }
});

describe("trustStoreName", () => {
  it("is the one that AWS uses in each partition with a published root certificate", () => {
    assert.equal(trustStoreName("aws"), "aws-signer-ts");
    assert.equal(trustStoreName("aws-us-gov"), "aws-us-gov-signer-ts");
  });

  it("says so where no root certificate is known", () => {
    assert.throws(() => trustStoreName("aws-cn"), {
      name: "PartitionUnsupportedError",
      message:
        "Container image signatures cannot be verified in the partition aws-cn: no root certificate of AWS Signer is known for it. Use a region of the partition aws or aws-us-gov.",
    });
  });
});
