import { quote } from "./quote";
import { type Fault, FixableError } from "./text/fixable-error";

/** AWS partition, by the name it has in ARNs. */
export type Partition =
  | "aws"
  | "aws-cn"
  | "aws-us-gov"
  | "aws-eusc"
  | "aws-iso"
  | "aws-iso-b"
  | "aws-iso-e"
  | "aws-iso-f";

interface PartitionNames {
  readonly partition: Partition;
  readonly regionPrefix: string;
  /** Domain of the ordinary ECR hosts. */
  readonly domain: string;
  /** Domain of the dual-stack ECR hosts, if AWS documents one. */
  readonly dualStackDomain?: string;
}

const commercial: PartitionNames = {
  partition: "aws",
  regionPrefix: "",
  domain: "amazonaws.com",
  dualStackDomain: "on.aws",
};

// Region names and domains as in the endpoint rules of the AWS SDK for JavaScript (partitions.js).
const otherPartitions: readonly PartitionNames[] = [
  {
    partition: "aws-cn",
    regionPrefix: "cn-",
    domain: "amazonaws.com.cn",
    dualStackDomain: "on.amazonwebservices.com.cn",
  },
  { partition: "aws-us-gov", regionPrefix: "us-gov-", domain: "amazonaws.com", dualStackDomain: "on.aws" },
  { partition: "aws-eusc", regionPrefix: "eusc-", domain: "amazonaws.eu" },
  { partition: "aws-iso", regionPrefix: "us-iso-", domain: "c2s.ic.gov" },
  { partition: "aws-iso-b", regionPrefix: "us-isob-", domain: "sc2s.sgov.gov" },
  { partition: "aws-iso-e", regionPrefix: "eu-isoe-", domain: "cloud.adc-e.uk" },
  { partition: "aws-iso-f", regionPrefix: "us-isof-", domain: "csp.hci.ic.gov" },
];

const regionGrammar = /^[a-z]{2,4}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2}$/;
const ecrHostGrammar = /^([0-9]{12})\.dkr([.-])ecr(?:-fips)?\.([a-z0-9-]+)\.([a-z.-]+)$/;

/** A region name or account id that AWS cannot have given. */
export class LocationInvalidError extends FixableError {
  override readonly name = "LocationInvalidError";

  get fault(): Fault {
    return "input";
  }
}

/** AWS Signer has no published root certificate for container images in this partition, as far as we know. */
export class PartitionUnsupportedError extends FixableError {
  override readonly name = "PartitionUnsupportedError";

  get fault(): Fault {
    return "input";
  }
}

/** Whether the text has the form of a region name, for example `eu-west-1` or `us-gov-west-1`. */
export function isRegionName(text: string): boolean {
  return regionGrammar.test(text);
}

/** Whether the text is an AWS account ID: 12 digits. */
export function isAccountId(text: string): boolean {
  return /^[0-9]{12}$/.test(text);
}

function findNames(region: string): PartitionNames {
  if (!isRegionName(region)) {
    throw new LocationInvalidError(`${quote(region)} is not an AWS region. Use a region name such as "eu-west-1".`);
  }
  // The SDK also treats an unknown region as part of the commercial partition.
  return otherPartitions.find((names) => region.startsWith(names.regionPrefix)) ?? commercial;
}

/**
 * The partition that a region belongs to.
 *
 * @throws {@link LocationInvalidError} if the text is not a region name.
 */
export function findPartition(region: string): Partition {
  return findNames(region).partition;
}

/**
 * The ordinary host of an account's private ECR registry in a region.
 *
 * @throws {@link LocationInvalidError} if account or region is not one.
 */
export function ecrHost(account: string, region: string): string {
  if (!isAccountId(account)) {
    throw new LocationInvalidError(`${quote(account)} is not an AWS account. An account ID has exactly 12 digits.`);
  }
  return `${account}.dkr.ecr.${region}.${findNames(region).domain}`;
}

/** A private ECR registry: its account and region. */
export interface EcrLocation {
  readonly account: string;
  readonly region: string;
}

/**
 * Account and region of a private ECR host; undefined for any other host. Accepts the four forms in the AWS General
 * Reference (Amazon ECR endpoints): `dkr.ecr` and `dkr.ecr-fips` on the domain of the partition, `dkr-ecr` and
 * `dkr-ecr-fips` (dual-stack) on `on.aws`. For Docker, Notation and a trust document these are different hosts: each
 * one that is used must be listed.
 */
export function parseEcrHost(host: string): EcrLocation | undefined {
  const [, account, separator, region, domain] = ecrHostGrammar.exec(host) ?? [];
  if (account === undefined || region === undefined || !isRegionName(region)) return undefined;
  const names = findNames(region);
  const expected = separator === "-" ? names.dualStackDomain : names.domain;
  return domain === expected ? { account, region } : undefined;
}

/**
 * Name of the trust store (type `signingAuthority`) with the root certificate of AWS Signer, the same as in AWS's
 * documentation and the Signer plugin's installer.
 *
 * @throws {@link PartitionUnsupportedError} for a partition without a known root certificate.
 */
export function trustStoreName(partition: Partition): "aws-signer-ts" | "aws-us-gov-signer-ts" {
  if (partition === "aws") return "aws-signer-ts";
  if (partition === "aws-us-gov") return "aws-us-gov-signer-ts";
  throw new PartitionUnsupportedError(
    `Container image signatures cannot be verified in the partition ${partition}: no root certificate ` +
      "of AWS Signer is known for it. Use a region of the partition aws or aws-us-gov.",
  );
}
