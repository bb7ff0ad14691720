import assert from "node:assert/strict";
import { request } from "node:http";
import { certificateHashes } from "../../../local/signer/certificate-hashes";
import { payloadFor } from "../../../local/signer/envelope";
import { computeExpiry } from "../../../local/signer/profiles";
import { type LocalSigner, startSigner } from "../../../local/signer/server";
import type { SignedPayload } from "../../../local/signer/signing";
import { readEnvelope } from "../../../local/signer/tamper";

const payload = payloadFor({ mediaType: "m", digest: `sha256:${"b".repeat(64)}`, size: 3 });
const now = new Date("2026-03-01T12:00:00Z");

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

describe("the stand-in Signer", () => {
  let signer: LocalSigner;

  beforeEach(async () => {
    signer = await startSigner({ region: "eu-west-1", account: "444455556666", now: () => now });
  });

  afterEach(() => signer.close());

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${signer.url}${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return {
      status: response.status,
      type: response.headers.get("x-amzn-errortype"),
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  function revocationPath(signed: SignedPayload, changes: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      signatureTimestamp: signed.signingTime.toISOString(),
      platformId: "Notation-OCI-SHA384-ECDSA",
      profileVersionArn: signed.profileVersionArn,
      jobArn: signed.jobArn,
      ...changes,
    });
    for (const hash of certificateHashes(signed.chain)) query.append("certificateHashes", hash);
    return `/revocations?${query}`;
  }

  async function revokedEntities(signed: SignedPayload): Promise<unknown> {
    return (await call("GET", revocationPath(signed))).body.revokedEntities;
  }

  describe("signing", () => {
    it("makes a profile and signs with it over HTTP", async () => {
      const validity = { type: "DAYS", value: 10 };
      const made = await call("PUT", "/signing-profiles/release", {
        platformId: "Notation-OCI-SHA384-ECDSA",
        signatureValidityPeriod: validity,
      });
      const signed = await call("POST", "/signing-jobs/with-payload", {
        profileName: "release",
        profileOwner: "444455556666",
        payload: Buffer.from(JSON.stringify(payload)).toString("base64"),
        payloadFormat: "application/vnd.cncf.notary.payload.v1+json",
      });

      assert.equal(made.body.arn, "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release");
      assert.match(String(made.body.profileVersion), /^[a-zA-Z0-9]{10}$/);
      assert.equal(made.body.profileVersionArn, `${made.body.arn}/${made.body.profileVersion}`);
      assert.equal(signed.status, 200);
      assert.equal(signed.body.jobOwner, "444455556666");
      const jws = readEnvelope(Buffer.from(String(signed.body.signature), "base64"));
      assert.deepEqual(JSON.parse(Buffer.from(jws.payload, "base64url").toString()), payload);
      const attributes = JSON.parse(Buffer.from(jws.protected, "base64url").toString());
      assert.equal(attributes["io.cncf.notary.authenticSigningTime"], "2026-03-01T12:00:00Z");
      assert.equal(attributes["io.cncf.notary.expiry"], "2026-03-11T12:00:00Z");
      assert.equal(attributes["com.amazonaws.signer.signingProfileVersion"], made.body.profileVersionArn);
      assert.match(
        attributes["com.amazonaws.signer.signingJob"],
        new RegExp(`^arn:aws:signer:eu-west-1:444455556666:/signing-jobs/${signed.body.jobId}$`),
      );
    });

    it("says what it knows of a profile", async () => {
      const profile = signer.putProfile("release");

      const { body } = await call("GET", "/signing-profiles/release");

      assert.equal(body.profileVersionArn, profile.versionArn);
      assert.equal(body.status, "Active");
      assert.deepEqual(body.signatureValidityPeriod, { type: "MONTHS", value: 135 });
    });

    it("knows no profile that nobody has made, nor one of another account", async () => {
      signer.putProfile("theirs", { account: "999988887777" });

      for (const profileName of ["nobody", "theirs"]) {
        const answer = await call("POST", "/signing-jobs/with-payload", {
          profileName,
          payload: "e30=",
          payloadFormat: "application/vnd.cncf.notary.payload.v1+json",
        });
        assert.deepEqual([answer.status, answer.type], [404, "ResourceNotFoundException"]);
      }
    });

    it("refuses a request that is not as it should be, and says where", async () => {
      const cases: [string, string, unknown, RegExp][] = [
        [
          "POST",
          "/signing-jobs/with-payload",
          { profileName: "p", payload: "e30=", payloadFormat: "x" },
          /payloadFormat/,
        ],
        ["PUT", "/signing-profiles/x", { platformId: "Notation-OCI-SHA384-ECDSA" }, /Profile name "x"/],
        ["PUT", "/signing-profiles/xy", { platformId: "AWSLambda-SHA384-ECDSA" }, /platformId/],
      ];
      for (const [method, path, body, text] of cases) {
        const answer = await call(method, path, body);
        assert.deepEqual([answer.status, answer.type], [400, "ValidationException"]);
        assert.match(String(answer.body.message), text);
      }
    });

    it("lets tests make signatures that AWS Signer would not make", async () => {
      const profile = signer.putProfile("release");
      const old = await signer.issueLeaf({
        validity: { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2020-02-01T00:00:00Z") },
      });

      const signed = signer.signPayload(payload, profile, {
        ...old,
        signingTime: new Date("2020-01-15T00:00:00Z"),
        expiry: null,
        plugin: "../evil",
      });

      assert.equal(signed.expiry, undefined);
      assert.deepEqual(signed.chain, old.chain);
      assert.match(Buffer.from(readEnvelope(signed.envelope).protected, "base64url").toString(), /"\.\.\/evil"/);
    });

    it("counts validity in days, months and years, at most 135 months", () => {
      assert.equal(computeExpiry(now, { type: "DAYS", value: 31 }).toISOString(), "2026-04-01T12:00:00.000Z");
      assert.equal(computeExpiry(now, { type: "MONTHS", value: 135 }).toISOString(), "2037-06-01T12:00:00.000Z");
      assert.equal(computeExpiry(now, { type: "YEARS", value: 2 }).toISOString(), "2028-03-01T12:00:00.000Z");
      assert.throws(() => signer.putProfile("long", { validity: { type: "YEARS", value: 12 } }), /135 MONTHS/);
    });
  });

  describe("revocation", () => {
    let signed: SignedPayload;

    beforeEach(() => {
      signed = signer.signPayload(payload, signer.putProfile("release"));
    });

    it("finds nothing revoked at first", async () => {
      assert.deepEqual(await revokedEntities(signed), []);
    });

    it("revokes one signing job", async () => {
      const other = signer.signPayload(payload, signer.putProfile("release"));

      const answer = await call("PUT", `/signing-jobs/${signed.jobId}/revoke`, { reason: "leaked" });

      assert.equal(answer.status, 200);
      assert.deepEqual(await revokedEntities(signed), [signed.jobArn]);
      assert.deepEqual(await revokedEntities(other), []);
    });

    it("revokes a profile version for signatures made after the effective time", async () => {
      const version = signed.profileVersionArn.split("/").at(-1);
      const revoke = (effective: Date) =>
        call("PUT", "/signing-profiles/release/revoke", {
          profileVersion: version,
          reason: "leaked",
          effectiveTime: effective.getTime() / 1000,
        });

      await revoke(now);
      assert.deepEqual(await revokedEntities(signed), []);
      await revoke(new Date(now.getTime() - 1000));
      assert.deepEqual(await revokedEntities(signed), [signed.profileVersionArn]);

      const later = await revoke(now);
      assert.deepEqual([later.status, later.type], [400, "ValidationException"]);
      const future = await revoke(new Date(now.getTime() + 1000));
      assert.match(String(future.body.message), /is in the future/);
    });

    it("signs no more with a revoked profile version, but with a newer one", async () => {
      signer.revokeProfileVersion(signed.profileVersionArn, now);
      const sign = () =>
        call("POST", "/signing-jobs/with-payload", {
          profileName: "release",
          payload: "e30=",
          payloadFormat: "application/vnd.cncf.notary.payload.v1+json",
        });

      assert.equal((await sign()).type, "ValidationException");
      signer.putProfile("release");
      assert.equal((await sign()).status, 200);
    });

    it("revokes certificates and names several entities at once", async () => {
      const hash = signer.revokeCertificate(signed.chain, 1);
      signer.revokeJob(signed.jobArn);

      assert.deepEqual(await revokedEntities(signed), [signed.jobArn, hash]);
      assert.throws(() => signer.revokeCertificate(signed.chain, 4), RangeError);
    });

    it("refuses another partition, another platform and incomplete questions", async () => {
      for (const path of [
        revocationPath(signed, { jobArn: signed.jobArn.replace("arn:aws:", "arn:aws-us-gov:") }),
        revocationPath(signed, { platformId: "AWSLambda-SHA384-ECDSA" }),
        revocationPath(signed, { profileVersionArn: "release" }),
        revocationPath(signed, { signatureTimestamp: "yesterday" }),
        "/revocations",
      ]) {
        const answer = await call("GET", path);
        assert.deepEqual([answer.status, answer.type], [400, "ValidationException"]);
      }
    });

    it("does not revoke jobs that it has not run", async () => {
      const answer = await call("PUT", "/signing-jobs/unknown/revoke", { reason: "leaked" });

      assert.deepEqual([answer.status, answer.type], [404, "ResourceNotFoundException"]);
    });
  });

  describe("on a bad day", () => {
    let path: string;

    beforeEach(() => {
      path = revocationPath(signer.signPayload(payload, signer.putProfile("release")));
    });

    it("answers revocation questions, and nothing else, as it is told", async () => {
      signer.failWith({ status: 403, type: "AccessDeniedException", message: "not authorized" });

      const refused = await call("GET", path);

      assert.deepEqual(refused, { status: 403, type: "AccessDeniedException", body: { message: "not authorized" } });
      assert.equal((await call("GET", "/signing-profiles/release")).status, 200);
    });

    it("recovers after the given number of failures, or when told so", async () => {
      signer.failWith({ status: 500, type: "InternalServiceErrorException", times: 2 });
      assert.deepEqual([(await call("GET", path)).status, (await call("GET", path)).status], [500, 500]);
      assert.equal((await call("GET", path)).status, 200);

      signer.failWith({ connection: "reset", times: 1 });
      await assert.rejects(call("GET", path));
      assert.equal((await call("GET", path)).status, 200);

      signer.failWith("reset");
      await assert.rejects(call("GET", path));
      signer.failWith(undefined);
      assert.equal((await call("GET", path)).status, 200);
    });

    it("can leave a question unanswered and still be closed", async () => {
      signer.failWith("hang");
      const question = assert.rejects(call("GET", path));
      while (signer.requests.length === 0) await new Promise(setImmediate);

      await signer.close();

      await question;
    });
  });

  it("answers proxy requests for any host and records what was asked", async () => {
    signer.putProfile("release");
    const url = "http://verification.signer.test/signing-profiles/release?profileOwner=444455556666";

    const status = await new Promise((resolve, reject) => {
      const headers = { host: "verification.signer.test" };
      request(signer.url, { path: url, headers }, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });

    assert.equal(status, 200);
    const [recorded] = signer.requests;
    assert.equal(recorded?.operation, "GetSigningProfile");
    assert.equal(recorded?.path, "/signing-profiles/release");
    assert.equal(recorded?.query.get("profileOwner"), "444455556666");
    assert.equal(recorded?.headers.host, "verification.signer.test");
  });

  it("refuses what it does not know", async () => {
    assert.equal((await call("GET", "/signing-platforms")).type, "UnknownOperationException");
  });
});
