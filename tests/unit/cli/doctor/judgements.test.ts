import assert from "node:assert/strict";
import { SemVer } from "semver";
import { MINIMAL_PULUMI } from "../../../../automation/environments/minimal-pulumi";
import type { AwsAnswer } from "../../../../cli/doctor/ask-aws";
import { judgeCredentials, judgeRegion, judgeSigner } from "../../../../cli/doctor/judge-aws";
import { judgeConcurrency } from "../../../../cli/doctor/judge-lambda";
import { judgeDocker, judgeMachine, judgeNode, judgePulumi } from "../../../../cli/doctor/judge-machine";
import { judgePlugin, judgeVerifier } from "../../../../cli/doctor/judge-verification";
import { satisfies } from "../../../../cli/doctor/version";
import type { ProgramOutcome } from "../../../../cli/lib/run-program";
import { PLUGIN_VERSION } from "../../../../cli/plugin/release";

const ended = (stdout: string, code = 0, stderr = ""): ProgramOutcome => ({ kind: "ended", code, stdout, stderr });
const answer = <Value>(value: Value): AwsAnswer<Value> => ({ kind: "answer", value });
const MISSING: ProgramOutcome = { kind: "missing" };
const SILENT = { kind: "silent", why: "AWS was not reached (ENOTFOUND)", isUnknownHost: true } as const;
const refused = (name: string, message = "no", isDenied = false) =>
  ({
    kind: "error",
    error: Object.assign(new Error(message), { name }),
    says: `${name}: ${message}`,
    isDenied,
  }) as const;
/** What the AWS SDK says where it finds none. */
const NO_CREDENTIALS = "Could not load credentials from any providers";

describe("what doctor says of the machine", () => {
  it("Node.js: 22.12 is wanted, 20.19 works, anything else does not", () => {
    assert.deepEqual(
      ["24.1.0", "22.12.0", "22.11.0", "21.7.3", "20.19.0", "20.18.9"].map((version) => judgeNode(version).level),
      ["ok", "ok", "problem", "problem", "warning", "problem"],
    );
  });

  it("Linux and macOS on x64 and arm64 will do", () => {
    assert.equal(judgeMachine("darwin", "arm64").level, "ok");
    assert.equal(judgeMachine("linux", "x64").level, "ok");
    assert.match(judgeMachine("win32", "x64").fix ?? "", /WSL/);
    assert.equal(judgeMachine("linux", "ia32").level, "problem");
  });

  it("the Pulumi CLI: as new as the tests' one, and as Pulumi.yaml requires it", () => {
    assert.equal(judgePulumi(ended(`v${MINIMAL_PULUMI}\n`), `>=${MINIMAL_PULUMI}`).level, "ok");
    assert.equal(judgePulumi(ended("v3.258.9\n"), undefined).level, "problem");
    assert.match(judgePulumi(ended("v3.270.0\n"), ">=3.300.0").says, /not what Pulumi\.yaml requires: >=3\.300\.0/);
    assert.equal(judgePulumi(ended("v3.270.0\n"), ">=3.1.0 || 4").level, "ok");
    assert.equal(judgePulumi(ended("v3.270.0\n"), ">=4.0.0 || <3.1.0").level, "problem");
    assert.equal(judgePulumi(ended("v3.270.0\n"), "!=3.1.0").level, "warning");
    assert.match(judgePulumi(MISSING, undefined).fix ?? "", /pulumi\.com\/docs\/install/);
    assert.match(judgePulumi(ended("", 1, "broken\nmore"), undefined).says, /does not say its version \(broken\)/);
  });

  it("requirements of Pulumi.yaml: all parts count, and unknown forms are Pulumi's business", () => {
    assert.deepEqual(
      [">=3.2.0 <4", ">3.2", "<=3.2.0", "3.2.0", "=3.2.0", "!3.2.0"].map((text) =>
        satisfies(new SemVer("3.2.0"), text),
      ),
      [true, false, true, true, true, undefined],
    );
  });

  describe("Docker", () => {
    const engine = (version: string) =>
      ended(JSON.stringify({ Client: { Version: version }, Server: { Version: version } }));

    it("needs an engine that answers, and buildx from 23 on", () => {
      assert.equal(judgeDocker({ version: engine("28.2.2"), buildx: ended("v0.20") }, true).level, "ok");
      assert.equal(judgeDocker({ version: engine("20.10.24"), buildx: ended("", 1) }, true).level, "ok");
      assert.match(
        judgeDocker({ version: engine("28.2.2"), buildx: ended("", 1) }, true).fix ?? "",
        /docker-buildx-plugin/,
      );
    });

    it("has no engine, or is not there: it may be another machine that builds", () => {
      const stopped = ended(
        '{"Client":{"Version":"28.2.2"},"Server":null}',
        1,
        "Cannot connect to the Docker daemon.\n",
      );
      const { level, says, fix } = judgeDocker({ version: stopped, buildx: ended("") }, true);

      assert.equal(level, "problem");
      assert.match(says, /no engine answers \(Cannot connect to the Docker daemon\)/);
      assert.match(fix ?? "", /verifier\.imageUri/);
      assert.equal(judgeDocker({ version: MISSING, buildx: MISSING }, true).level, "problem");
      assert.equal(
        judgeDocker({ version: { kind: "late" }, buildx: { kind: "late" } }, true).says,
        "does not answer in time",
      );
    });

    it("is not needed where the image was built elsewhere", () => {
      assert.equal(judgeDocker({ version: MISSING, buildx: MISSING }, false).level, "ok");
    });
  });

  it("the verifier program: the package's own, or Go's", () => {
    const prebuilt = { kind: "prebuilt", executable: "/p/notation-verifier" } as const;
    assert.match(
      judgeVerifier(prebuilt, ended('{"notationGo":"v1.3.2"}')).says,
      /^prebuilt, with notation-go v1\.3\.2$/,
    );
    assert.equal(judgeVerifier(prebuilt, { kind: "refused", why: "ENOEXEC" }).level, "problem");
    assert.equal(judgeVerifier({ kind: "none", platform: "linux-riscv64" }, MISSING).level, "problem");
    assert.equal(judgeVerifier({ kind: "go" }, ended("go version go1.26.8 linux/amd64")).level, "ok");
    assert.equal(judgeVerifier({ kind: "go" }, ended("go version go1.19 linux/amd64")).level, "problem");
    assert.match(judgeVerifier({ kind: "go" }, MISSING).fix ?? "", /go\.dev\/dl/);
  });

  it("the Signer plugin: where it is and which; plugin install brings it", () => {
    const found = { plugin: "/p/plugin" };
    assert.match(judgePlugin(found, { version: PLUGIN_VERSION.slice(1) }).says, /^1\.0\.2292 at \/p\/plugin$/);
    assert.equal(judgePlugin(found, { version: "1.0.350" }).level, "warning");
    assert.match(judgePlugin(found, { problem: "is not executable" }).fix ?? "", /plugin install --force/);
    assert.match(judgePlugin({ problem: "plugin was not found" }, undefined).fix ?? "", /plugin install$/);
  });
});

describe("what doctor says of the account", () => {
  const PLACE = { name: "eu-west-1", from: "AWS_REGION" };
  const caller = { account: "111122223333", arn: "arn:aws:iam::111122223333:user/me" };

  it("the region: known, perhaps a slip, or in a partition without a root of AWS Signer", () => {
    assert.equal(judgeRegion(PLACE).level, "ok");
    assert.match(judgeRegion({ ...PLACE, name: "eu-wset-1" }).fix ?? "", /Is eu-west-1 meant\?/);
    assert.equal(judgeRegion({ ...PLACE, name: "cn-north-1" }).level, "problem");
    assert.equal(judgeRegion({ ...PLACE, name: "Ireland" }).level, "problem");
    assert.equal(judgeRegion({ ...PLACE, name: undefined }).level, "problem");
  });

  it("the credentials: whose they are, and whether the stack's file allows the account", () => {
    assert.equal(judgeCredentials(answer(caller), ["111122223333"]).level, "ok");
    assert.match(judgeCredentials(answer(caller), ["444455556666"]).says, /the stack's file allows 444455556666/);
    assert.equal(judgeCredentials(refused("ExpiredTokenException"), []).level, "problem");
  });

  it("no credentials at all: none were found, and what to set", () => {
    const { level, says, fix } = judgeCredentials(refused("CredentialsProviderError", NO_CREDENTIALS), []);

    assert.deepEqual([level, says], ["problem", "none were found"]);
    assert.match(fix ?? "", /AWS_PROFILE.*aws configure.*aws sso login/);
  });

  it("credentials that were found and cannot be used: what is wrong with them, and to log in again", () => {
    for (const name of ["ExpiredTokenException", "CredentialsProviderError"]) {
      const { says, fix } = judgeCredentials(refused(name), []);

      assert.equal(says, `${name}: no`);
      assert.match(fix ?? "", /^Log in to AWS again/);
    }
  });

  it("no network: nothing is known, which is no problem by itself", () => {
    assert.equal(judgeCredentials(SILENT, []).level, "warning");
    assert.equal(judgeSigner(SILENT, PLACE, false).level, "warning");
    assert.equal(judgeConcurrency(SILENT, 10).level, "warning");
  });

  it("AWS Signer: there, not in this region, or not to be asked with these credentials", () => {
    assert.equal(judgeSigner(answer("Notation-OCI-SHA384-ECDSA"), PLACE, true).level, "ok");
    assert.match(judgeSigner(SILENT, PLACE, true).says, /has no address in eu-west-1/);
    assert.equal(judgeSigner(refused("AccessDeniedException", "no", true), PLACE, true).level, "ok");
    assert.equal(judgeSigner(refused("ResourceNotFoundException"), PLACE, true).level, "problem");
    assert.equal(judgeSigner(refused("CredentialsProviderError"), PLACE, false).level, "warning");
  });

  describe("Lambda's concurrent executions", () => {
    const judge = (limit: number, unreserved: number, reserved: number | undefined) =>
      judgeConcurrency(answer({ limit, unreserved }), reserved).level;

    it("100 stay unreserved: what the stack reserves must fit below", () => {
      assert.equal(judge(1000, 1000, 60), "ok");
      assert.equal(judge(150, 150, 60), "problem");
      assert.equal(judge(10, 10, 10), "problem");
    });

    it("what others have reserved leaves too little, unless the stack is among them", () => {
      assert.equal(judge(1000, 140, 60), "warning");
    });

    it("an account with the initial limit of 10 can reserve nothing, and is soon used up", () => {
      assert.equal(judge(10, 10, 0), "warning");
      assert.match(
        judgeConcurrency(answer({ limit: 10, unreserved: 10 }), undefined).fix ?? "",
        /gate\.reservedConcurrency to none/,
      );
    });

    it("is not known where the credentials may not read it", () => {
      assert.match(
        judgeConcurrency(refused("AccessDeniedException", "no", true), 10).says,
        /lambda:GetAccountSettings/,
      );
    });
  });
});
