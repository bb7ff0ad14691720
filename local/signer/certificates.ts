import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/**
 * Attributes of a certificate's name in order, for example `{ CN: "…", O: "…", C: "…" }`. Any text is accepted,
 * including hostile text.
 */
export type SubjectName = Readonly<Record<string, string>>;

/** The validity period of a certificate, in whole seconds. */
export interface ValidityWindow {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A chain to sign with: certificates in DER, leaf first and root last, and the leaf's private key. */
export interface SigningChain {
  readonly chain: readonly Buffer[];
  readonly key: KeyObject;
  /** The root in PEM, as needed in a trust store. */
  readonly rootPem: string;
}

export interface LeafOptions {
  /**
   * Default: one year before until one year after now, so that signatures in the recent past are possible. AWS's leaf
   * certificates are valid for days.
   */
  readonly validity?: ValidityWindow;
  readonly subject?: SubjectName;
  /** Notation requires ES256, ES384 and ES512 to match the curve. Default: P-384, like AWS Signer. */
  readonly curve?: "P-256" | "P-384" | "P-521";
}

/** The three certification authorities above a leaf; they can issue more leaves. */
export interface Authority {
  readonly rootPem: string;
  issueLeaf(options?: LeafOptions): Promise<SigningChain>;
}

export interface AuthorityOptions {
  /** Part of the names of the authorities. Default: `us-east-1`. */
  readonly region?: string;
  readonly rootSubject?: SubjectName;
  readonly validity?: ValidityWindow;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** AWS's commercial root is valid for these hundred years. */
const centuryOfTheRoot: ValidityWindow = {
  notBefore: new Date("2022-10-27T00:00:00Z"),
  notAfter: new Date("2122-10-27T00:00:00Z"),
};

/**
 * Creates root, intermediate and regional authority, in the form of AWS Signer's commercial chain and within the rules
 * of notation-core-go: P-384, critical key usage, and in each authority a path length that fits the certificates below
 * it.
 */
export async function makeAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const validity = options.validity ?? centuryOfTheRoot;
  const region = options.region ?? "us-east-1";
  const root = await issue(undefined, {
    subject: options.rootSubject ?? named("Stand-in Signer Code Signing Root CA G1"),
    validity,
    extensions: authorityExtensions(2),
  });
  const intermediate = await issue(root, {
    subject: named("Stand-in Signer Code Signing Int CA G1"),
    validity,
    extensions: authorityExtensions(1),
  });
  const regional = await issue(intermediate, {
    subject: named(`Stand-in Signer ${region} Code Signing CA G1`),
    validity,
    extensions: authorityExtensions(0),
  });
  const rootPem = `${root.certificate.toString("pem")}\n`;

  return {
    rootPem,
    issueLeaf: async (leaf = {}) => {
      const { certificate, keys } = await issue(regional, {
        subject: leaf.subject ?? named("Stand-in Signer"),
        validity: leaf.validity ?? aYearAround(new Date()),
        extensions: leafExtensions(),
        curve: leaf.curve ?? "P-384",
      });
      const certificates = [certificate, regional.certificate, intermediate.certificate, root.certificate];
      return { chain: certificates.map(der), key: KeyObject.from(keys.privateKey), rootPem };
    },
  };
}

/** A leaf with its own authorities: no trust store knows this chain unless it is given `rootPem`. */
export async function makeChain(
  options: AuthorityOptions & { readonly leaf?: LeafOptions } = {},
): Promise<SigningChain> {
  return (await makeAuthority(options)).issueLeaf(options.leaf);
}

interface Request {
  readonly subject: SubjectName;
  readonly validity: ValidityWindow;
  readonly extensions: readonly Extension[];
  readonly curve?: string;
}

/** Without an issuer the certificate is self-signed. */
async function issue(issuer: Issuer | undefined, request: Request): Promise<Issuer> {
  const keys = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: request.curve ?? "P-384" }, true, [
    "sign",
    "verify",
  ]);
  const subject = Object.entries(request.subject).map(([type, text]) => ({ [type]: [text] }));
  const signingKeys = issuer?.keys ?? keys;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer?.certificate.subjectName ?? subject,
    ...request.validity,
    publicKey: keys.publicKey,
    signingKey: signingKeys.privateKey,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-384" },
    extensions: [
      ...request.extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(signingKeys.publicKey),
    ],
  });
  return { certificate, keys };
}

function authorityExtensions(pathLength: number): Extension[] {
  const usages = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  return [new BasicConstraintsExtension(true, pathLength, true), new KeyUsagesExtension(usages, true)];
}

function leafExtensions(): Extension[] {
  return [
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.codeSigning]),
  ];
}

function named(commonName: string): SubjectName {
  return { CN: commonName, OU: "Stand-in", O: "Local", ST: "WA", C: "US" };
}

function aYearAround(now: Date): ValidityWindow {
  const year = 365 * 24 * 60 * 60 * 1000;
  return { notBefore: new Date(now.getTime() - year), notAfter: new Date(now.getTime() + year) };
}

function der(certificate: X509Certificate): Buffer {
  return Buffer.from(certificate.rawData);
}
