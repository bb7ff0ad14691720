export type { EcrRegistry, NotationStatement, NotationTrustPolicy } from "./derive";
export {
  applicableStatement,
  ecrRegistries,
  ecrRepositoryArns,
  isRegistryAllowed,
  notationTrustPolicy,
} from "./derive";
export type {
  Exemption,
  ParseOptions,
  RequirementArgs,
  Statement,
  StatementArgs,
  TrustDocument,
  TrustDocumentArgs,
} from "./document";
export { parseTrustDocument } from "./document";
export { findExemption } from "./exemption";
export type { ResolvedTrustDocument, TrustEnvironment } from "./expand";
export { expandTrustDocument } from "./expand";
export type { Identity, IdentityKind } from "./identity";
export { IdentityInvalidError, parseIdentity, readIdentity } from "./identity";
export type { EcrLocation, Partition } from "./partition";
export {
  ecrHost,
  findPartition,
  isAccountId,
  isRegionName,
  LocationInvalidError,
  PartitionUnsupportedError,
  parseEcrHost,
  trustStoreName,
} from "./partition";
export type { Problem } from "./problem";
export { TrustDocumentError } from "./problem";
export { parseTrustText, readTrustDocument, TrustFileError } from "./read";
export type { ImageReference } from "./reference";
export { formatReference, parseReference, ReferenceInvalidError, readReference, repositoryName } from "./reference";
export type { RegistryLogin } from "./registry-login";
export type { Requirement } from "./signers";
export { listIdentities, listRequirements } from "./signers";
