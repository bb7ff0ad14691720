import assert from "node:assert/strict";
import type { RevocationFault } from "../../local/signer/faults";
import { expectVerdict } from "./support/expect-verdict";
import { NOBODY } from "./support/nobody";
import { useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

describe("contract: Signer that fails", () => {
  const scene = useScene();
  /** Without the AWS SDK's retries, which take seconds. */
  let atOnce: Verifiers;

  before(async () => {
    atOnce = await scene().startVerifiers({ environment: { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" } });
  });
  afterEach(() => scene().stack.signer.failWith(undefined));

  const signedImage = async () => {
    const image = await scene().image();
    return { ...image, signed: await scene().sign(image) };
  };

  const judges = async (
    fault: RevocationFault,
    verdict: Parameters<typeof expectVerdict>[2],
    detail: RegExp,
    verifiers = atOnce,
  ): Promise<void> => {
    const { reference } = await signedImage();
    const before = () => scene().stack.signer.failWith(fault);
    await expectVerdict(verifiers, reference, verdict, { cli: "agrees", detail, before });
  };

  it("10a: 403 AccessDenied -> inconclusive signer-access-denied, with AWS's own text", () =>
    judges(
      { status: 403, type: "AccessDeniedException", message: "not authorized to perform signer:GetRevocationStatus" },
      "inconclusive signer-access-denied",
      /AccessDeniedException: not authorized to perform signer:GetRevocationStatus/,
    ));

  it("10b: 403 AccessDenied without a text, as AWS sends it -> inconclusive signer-access-denied", () =>
    judges({ status: 403, type: "AccessDeniedException" }, "inconclusive signer-access-denied", /AccessDenied/));

  it("10c: 403 ExpiredToken -> inconclusive signer-access-denied", () =>
    judges(
      { status: 403, type: "ExpiredTokenException", message: "The security token included in the request is expired" },
      "inconclusive signer-access-denied",
      /The security token included in the request is expired/,
    ));

  it("10d: no AWS credentials -> inconclusive signer-access-denied", async () => {
    const { reference } = await signedImage();
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: _secret, ...environment } = scene().stack.environment;

    const verifiers = await scene().startVerifiers({ environment });

    await expectVerdict(verifiers, reference, "inconclusive signer-access-denied", {
      cli: "agrees",
      detail: /get credentials/,
    });
  });

  it("11a: 429 -> inconclusive signer-unavailable", () =>
    judges({ status: 429, type: "TooManyRequestsException" }, "inconclusive signer-unavailable", /TooManyRequests/));

  it("11b: 429 again and again -> inconclusive signer-unavailable, after three retries", async () => {
    const { reference } = await signedImage();
    scene().stack.signer.failWith({ status: 429, type: "TooManyRequestsException" });

    // The CLI would take the same seconds once more.
    const { signerCalls } = await expectVerdict(scene().verifiers, reference, "inconclusive signer-unavailable", {
      cli: "not asked",
    });

    assert.equal(signerCalls, 4);
  });

  it("11c: 429 once -> trusted", async () => {
    const { reference } = await signedImage();
    const before = () => scene().stack.signer.failWith({ status: 429, type: "TooManyRequestsException", times: 1 });

    await expectVerdict(scene().verifiers, reference, "trusted signature-valid", { cli: "agrees", before });
  });

  it("11d: 500 -> inconclusive signer-unavailable", () =>
    judges({ status: 500, type: "InternalServiceErrorException" }, "inconclusive signer-unavailable", /500/));

  it("11e: connection reset -> inconclusive signer-unavailable", () =>
    judges(
      "reset",
      "inconclusive signer-unavailable",
      /^(EOF|read tcp|http: server closed|write tcp).*GetRevocationStatus/,
    ));

  it("11f: connection refused -> inconclusive signer-unavailable", async () => {
    const { reference } = await signedImage();

    const verifiers = await startVerifiersAsking(`http://${NOBODY}`);

    await expectVerdict(verifiers, reference, "inconclusive signer-unavailable", { cli: "agrees" });
  });

  it("11g: host unknown -> inconclusive signer-unavailable", async () => {
    const { reference } = await signedImage();

    const verifiers = await startVerifiersAsking("http://signer.invalid:9");

    await expectVerdict(verifiers, reference, "inconclusive signer-unavailable", { cli: "agrees" });
  });

  it("11h: no answer until the deadline -> inconclusive deadline-exceeded", async () => {
    const { reference } = await signedImage();
    const before = () => scene().stack.signer.failWith("hang");

    await expectVerdict(atOnce, reference, "inconclusive deadline-exceeded", {
      cli: "agrees",
      before,
      deadlineMs: 500,
      cliTimeoutMs: 500,
    });
  });

  it("12: 400 ValidationException -> denied signature-invalid", () =>
    judges(
      { status: 400, type: "ValidationException", message: "AccessDeniedException, StatusCode: 503" },
      "denied signature-invalid",
      /ValidationException/,
    ));

  function startVerifiersAsking(signerEndpoint: string): Promise<Verifiers> {
    const environment = { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" };
    return scene().startVerifiers({ signerEndpoint, environment });
  }
});
