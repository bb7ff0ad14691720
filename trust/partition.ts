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
  /** Domain of the dual-stack ECR hosts, where AWS documents one. */
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

/** The partition has no published root certificate of AWS Signer for container images that we know of. */
export class PartitionUnsupportedError extends FixableError {
  override readonly name = "PartitionUnsupportedError";

  get fault(): Fault {
    return "input";
  }
}

/** Whether the text has the form of a region name, such as `eu-west-1` or `us-gov-west-1`. */
export function isRegionName(text: string): boolean {
  return regionGrammar.test(text);
}

/** Whether the text is an AWS account id: 12 digits. */
export function isAccountId(text: string): boolean {
  return /^[0-9]{12}$/.test(text);
}

function findNames(region: string): PartitionNames {
  if (!isRegionName(region)) {
    throw new LocationInvalidError(`${quote(region)} is not an AWS region. Write it as AWS does, such as "eu-west-1".`);
  }
  // The SDK, too, takes a region that it does not know for one of the commercial partition.
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
    throw new LocationInvalidError(`${quote(account)} is not an AWS account. An account id has exactly 12 digits.`);
  }
  return `${account}.dkr.ecr.${region}.${findNames(region).domain}`;
}

/** A private ECR registry: whose it is and where. */
export interface EcrLocation {
  readonly account: string;
  readonly region: string;
}

/**
 * Account and region of a private ECR host, undefined for any other host. Knows the four forms of the AWS
 * General Reference (Amazon ECR endpoints): `dkr.ecr` and `dkr.ecr-fips` on the domain of the partition,
 * `dkr-ecr` and `dkr-ecr-fips` (dual-stack) on `on.aws`. The forms are different hosts to Docker, to
 * Notation and to a trust document: each one that is used must be listed.
 */
export function parseEcrHost(host: string): EcrLocation | undefined {
  const [, account, separator, region, domain] = ecrHostGrammar.exec(host) ?? [];
  if (account === undefined || region === undefined || !isRegionName(region)) return undefined;
  const names = findNames(region);
  const expected = separator === "-" ? names.dualStackDomain : names.domain;
  return domain === expected ? { account, region } : undefined;
}

/**
 * Name of the trust store (type `signingAuthority`) that holds the root certificate of AWS Signer, as AWS
 * and the Signer plugin's installer name it.
 *
 * @throws {@link PartitionUnsupportedError} for a partition whose root certificate we do not know.
 */
export function trustStoreName(partition: Partition): "aws-signer-ts" | "aws-us-gov-signer-ts" {
  if (partition === "aws") return "aws-signer-ts";
  if (partition === "aws-us-gov") return "aws-us-gov-signer-ts";
  throw new PartitionUnsupportedError(
    `Container image signatures cannot be verified in the partition ${partition}: we know of no root certificate ` +
      "of AWS Signer for it. Use a region of the partition aws or aws-us-gov.",
  );
}
