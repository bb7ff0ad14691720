import { validationError } from "./errors";

/** The query of a verifier to GetRevocationStatus. */
export interface RevocationQuery {
  readonly signatureTimestamp: Date;
  readonly profileVersionArn: string;
  readonly jobArn: string;
  readonly certificateHashes: readonly string[];
}

/** The revoked entities, by the ARN or the hash in a query. */
export interface Revocations {
  revokeJob(jobArn: string): void;
  /**
   * Signatures made after `effectiveTime` are no longer trusted. It can be moved to an earlier time, never to a later
   * one.
   */
  revokeProfileVersion(profileVersionArn: string, effectiveTime: Date): void;
  revokeCertificate(hash: string): void;
  isProfileVersionRevoked(profileVersionArn: string): boolean;
  /** The revoked entities in the query; empty if none is revoked, also for unknown entities. */
  revokedEntities(query: RevocationQuery): string[];
}

/** Rules from the AWS Signer developer guide, "Revocation", and the API reference of RevokeSigningProfile. */
export function makeRevocations(): Revocations {
  const jobs = new Set<string>();
  const certificates = new Set<string>();
  const profileVersions = new Map<string, Date>();

  return {
    revokeJob: (jobArn) => {
      jobs.add(jobArn);
    },
    revokeProfileVersion: (profileVersionArn, effectiveTime) => {
      const earlier = profileVersions.get(profileVersionArn);
      if (earlier && effectiveTime > earlier) {
        throw validationError(
          `${profileVersionArn} is revoked from ${earlier.toISOString()} on; the effective time can only be moved to an earlier one.`,
        );
      }
      profileVersions.set(profileVersionArn, effectiveTime);
    },
    revokeCertificate: (hash) => {
      certificates.add(hash);
    },
    isProfileVersionRevoked: (profileVersionArn) => profileVersions.has(profileVersionArn),
    revokedEntities: ({ signatureTimestamp, profileVersionArn, jobArn, certificateHashes }) => {
      const effectiveTime = profileVersions.get(profileVersionArn);
      return [
        ...(effectiveTime && signatureTimestamp > effectiveTime ? [profileVersionArn] : []),
        ...(jobs.has(jobArn) ? [jobArn] : []),
        ...certificateHashes.filter((hash) => certificates.has(hash)),
      ];
    },
  };
}
