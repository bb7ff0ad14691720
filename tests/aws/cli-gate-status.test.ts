// Logs, table and key are moto's and DynamoDB Local's; ECS is a stand-in over HTTP, since moto 5.2.5 knows neither hooks nor service deployments.
import assert from "node:assert/strict";
import { type LocalAws, startAws } from "../../local/aws";
import { AwsRefusal } from "../../local/aws-answers";
import type { LocalDeployment } from "../../local/ecs-deployments";
import { type DeployedServices, deployedServices } from "../support/deployed-services";
import { deploymentRecord } from "../support/deployment-records";
import { GATE, gateHook, otherHook } from "../support/gate-hooks";
import { type CommandLine, commandLine } from "./support/command-line";
import { createLogGroup, type LogGroup } from "./support/log-group";
import { useAws } from "./support/scene";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";
const REFUSED = "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.";

/** Deployments are a minute old. */
const createdAt = () => Date.now() - 60_000;

function deploymentOf(service: string, id = "d1"): LocalDeployment {
  return {
    serviceArn: `${HEAD}:service/shop/${service}`,
    deploymentArn: `${HEAD}:service-deployment/shop/${service}/${id}`,
    revisionArn: `${HEAD}:service-revision/shop/${service}/2`,
  };
}

describe("AWS: ecs-image-verification gate status", function () {
  this.timeout(60_000);
  const aws = useAws();
  let ecs: LocalAws;
  let services: DeployedServices;
  let log: LogGroup;
  let cli: CommandLine;
  let isDenied = false;
  /** A service that is gone when its deployments are asked for. */
  let gone = "";
  beforeEach(async () => {
    isDenied = false;
    gone = "";
    services = deployedServices(HEAD, "shop", createdAt);
    const listing = services.answers["ECS.ListServiceDeployments"];
    ecs = await startAws({
      ...services.answers,
      "ECS.ListServiceDeployments": (input) => {
        if (isDenied)
          throw new AwsRefusal("AccessDeniedException", "not authorized to perform: ecs:ListServiceDeployments");
        if (gone !== "" && String(input.service).endsWith(gone))
          throw new AwsRefusal("ServiceNotFoundException", "Service not found.");
        return listing?.(input);
      },
    });
    log = await createLogGroup(aws().address);
    cli = await startCli();
  });
  afterEach(async () => {
    await cli?.close();
    await ecs?.close();
  });

  function startCli(changes: Parameters<typeof commandLine>[1] = {}) {
    const { ORDERS_TABLE: ordersTable, ORDERS_KEY_ARN: ordersKeyArn } = aws().account.resources;
    const gate = { gateTargetArn: GATE.targetArn, gateInvokerRoleArn: GATE.roleArn, gateMode: "enforce" } as const;
    return commandLine(aws().address, {
      ...gate,
      gateLogGroup: log.name,
      gateOpenHours: 8,
      ordersTable,
      ordersKeyArn,
      exemptionHours: 8,
      ...changes,
    });
  }

  const status = (...words: readonly string[]) =>
    cli.run(["gate", "status", ...words, "--outputs", cli.outputs], { AWS_ENDPOINT_URL_ECS: ecs.url });
  const refused = { status: "ROLLBACK_SUCCESSFUL", statusReason: REFUSED } as const;

  it("shows the reason for a refused deployment, from the gate's log, and that others are not gated", async () => {
    services.put("web", { hooks: [otherHook(), gateHook()], history: [{ ...deploymentOf("web"), ...refused }] });
    services.put("api", { hooks: [otherHook()], history: [{ ...deploymentOf("api"), status: "SUCCESSFUL" }] });
    await log.putVerdicts([
      deploymentRecord({ detail: "no signature\u001b[2J" }),
      deploymentRecord({ code: "signature-revoked" }, { deployment: "d0" }),
    ]);

    const { code, stdout, stderr } = await status("--all");

    assert.deepEqual([code, stderr], [0, ""]);
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^service +gate +last deployment +created +open until$/);
    assert.match(lines[1] ?? "", /^shop\/web +enforce +ROLLBACK_SUCCESSFUL +\S+Z +-$/);
    assert.match(lines[2] ?? "", /^shop\/api +not attached +SUCCESSFUL +\S+Z +-$/);
    assert.deepEqual(lines.slice(3), [
      "",
      "shop/web:",
      `  ${HEAD}:service-deployment/shop/web/d1: ROLLBACK_SUCCESSFUL`,
      `  ECS says: ${REFUSED}`,
      "  The gate: The deployment was refused: ECS rolls it back.",
      "  web: denied no-signature: team/app:1@aaaaaaaaaaaa: no signature\\u{1b}[2J (docs/runbook.md#no-signature)",
    ]);
    assert.equal(ecs.calls("ECS.UpdateService").length, 0);
  });

  it("in audit shows what would have been refused, although the deployment succeeded", async () => {
    await cli.close();
    cli = await startCli({ gateMode: "audit" });
    const history = [{ ...deploymentOf("web"), status: "SUCCESSFUL" }] as const;
    services.put("web", { hooks: [gateHook()], history });
    services.put("api", { hooks: [gateHook()], history: [{ ...deploymentOf("api"), status: "SUCCESSFUL" }] });
    const { deploymentArn: deployment } = deploymentOf("api");
    await log.putVerdicts([
      deploymentRecord({}, { outcome: "audited" }),
      deploymentRecord({ code: "signature-valid" }, { service: "api", deployment, outcome: "none" }),
    ]);

    const { code, stdout } = await status("shop/web", "shop/api");

    assert.equal(code, 0);
    assert.match(stdout, /\nshop\/web:\n[\s\S]*The gate: Nothing: the gate only audits[\s\S]*web: denied no-signature/);
    assert.doesNotMatch(stdout, /\nshop\/api:/);
  });

  it("has everything in JSON, with an opening in force", async () => {
    const web = services.put("web", { hooks: [gateHook()], history: [{ ...deploymentOf("web"), ...refused }] });
    services.put("new", { hooks: [gateHook({ lifecycleStages: ["PRE_SCALE_UP"] })] });
    await log.putVerdicts([deploymentRecord()]);
    const opened = await cli.run(
      ["gate", "open", web, "--for", "2h", "--reason", "incident", "--outputs", cli.outputs, "--json"],
      { AWS_ENDPOINT_URL_ECS: ecs.url },
    );

    const { code, stdout } = await status("shop/web", "shop/new", "--json");

    const [first, second] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(code, 0);
    assert.deepEqual([first.environment, first.service, first.readiness], ["prod", web, null]);
    assert.deepEqual(first.gate, { state: "attached", mode: "enforce", stages: ["PRE_SCALE_UP", "POST_SCALE_UP"] });
    assert.deepEqual(first.opening, JSON.parse(opened.stdout));
    const { verdicts, createdAt: created, ...deployment } = first.lastDeployment;
    assert.deepEqual(deployment, {
      deployment: deploymentOf("web").deploymentArn,
      status: refused.status,
      statusReason: REFUSED,
    });
    assert.match(created, /Z$/);
    assert.deepEqual([verdicts.length, verdicts[0].code, verdicts[0].response], [1, "no-signature", "refused"]);
    assert.deepEqual([second.gate.state, second.lastDeployment, second.opening], ["attached-otherwise", null, null]);
  });

  it("names the opening that ends last, which the gate obeys", async () => {
    const web = services.put("web", { hooks: [gateHook()] });
    const open = (...words: readonly string[]) =>
      cli.run(["gate", "open", ...words, "--reason", "incident", "--outputs", cli.outputs], {
        AWS_ENDPOINT_URL_ECS: ecs.url,
      });
    for (const words of [
      [web, "--for", "1h"],
      [web, "--for", "4h"],
      ["--all", "--for", "2h"],
    ]) {
      assert.equal((await open(...words)).code, 0);
    }

    const { opening } = JSON.parse((await status("shop/web", "--json")).stdout);

    assert.equal(Date.parse(opening.until) - Date.parse(opening.from), 4 * 3_600_000);
  });

  it("leaves out what may not be read, names it once, and answers 2", async () => {
    const history = [{ ...deploymentOf("web"), ...refused }];
    for (const name of ["web", "api"]) services.put(name, { hooks: [gateHook()], history });
    await cli.close();
    cli = await startCli({ gateLogGroup: "gone", ordersTable: "gone" });

    const { code, stdout, stderr } = await status("--all");

    assert.equal(code, 2);
    assert.match(stdout, /ECS says: /);
    assert.doesNotMatch(stdout, /recorded nothing/);
    const notes = stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" failed: ")[0]);
    assert.deepEqual(notes, ["Reading the openings of the table gone", "Reading the log group of the gate gone"]);
  });

  it("shows the others, and answers 2, if one is deleted meanwhile", async () => {
    for (const name of ["web", "api"]) services.put(name, { hooks: [gateHook()] });
    gone = "/web";

    const { code, stdout, stderr } = await status("--all");

    assert.deepEqual([code, stdout.match(/^shop\/\w+/gm)], [2, ["shop/web", "shop/api"]]);
    assert.match(stderr, /^Reading the deployments of arn:\S+\/shop\/web failed: .*Service not found/);
  });

  it("answers 2 and names the right if ECS may not be asked", async () => {
    services.put("web", { hooks: [gateHook()] });
    isDenied = true;

    const { code, stdout, stderr } = await status("shop/web");

    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /Reading the deployments of arn:\S+ failed: .* These credentials need ecs:ListServiceDeployments on it\.\n$/,
    );
  });

  it("says what is wrong with the call", async () => {
    services.put("web");
    const wrong: readonly (readonly [words: readonly string[], message: RegExp])[] = [
      [[], /^Say which services: /],
      [["shop/web", "--all"], /^Name services, or say --all, not both/],
      [["shop/wbe"], /^ECS knows no service shop\/wbe in account /],
      [["shop/web", "--ready"], /^Say with --trust FILE what the environment trusts/],
      [["shop/web", "--trust", "trust.yaml"], /^--trust is for --ready/],
      [["arn:aws:ecs:eu-west-1:444455556666:service/shop/web"], /is of account 444455556666 in eu-west-1/],
    ];
    for (const [words, message] of wrong) {
      const { code, stdout, stderr } = await status(...words);
      assert.deepEqual([code, stdout], [64, ""], words.join(" "));
      assert.match(stderr, message);
    }
    const none = await startCli({ gateTargetArn: undefined });
    const { code, stderr } = await none.run(["gate", "status", "--all", "--outputs", none.outputs]);
    await none.close();
    assert.equal(code, 64);
    assert.match(stderr, /^The environment prod has no deployment gate/);
  });
});
