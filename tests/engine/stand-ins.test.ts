import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsPackage } from "./support/aws-provider";
import { contextDigest } from "./support/context-digest";
import { faultyAws } from "./support/faulty-aws";
import { iamRoles } from "./support/iam-roles";
import type { Configuration } from "./support/project";
import { type Properties, UNKNOWN } from "./support/properties";
import { useScene } from "./support/scene";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const LAMBDA = "aws:lambda/function:Function";

describe("engine: the stand-ins for the providers", () => {
  const roles = iamRoles();
  const aws = faultyAws(undefined, roles);
  const scene = useScene({
    project: join(__dirname, "fixtures/program"),
    projectName: "fixture",
    packages: [aws.provided],
  });
  const configure = (settings: Configuration) => scene().project.configure("dev", (old) => ({ ...old, ...settings }));
  const changes = async (settings: Configuration) => {
    await configure(settings);
    const run = await scene().run("up", "dev");
    assert.deepEqual([run.code, run.errors], [0, []]);
    return run.steps.map(({ op, name, type }) => `${op} ${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
  };
  const stateFile = async () => JSON.stringify(await scene().state("dev"));

  it("a preview makes nothing, and what a provider computes is unknown in it", async () => {
    const run = await scene().run("preview", "dev");

    assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
    assert.deepEqual(run.summary, { create: 13 });
    const lambda = scene()
      .calls()
      .find(({ type }) => type === LAMBDA);
    assert.equal(lambda?.inputs.imageUri, UNKNOWN);
    assert.equal(lambda?.inputs.role, UNKNOWN);
    assert.ok(
      scene()
        .calls()
        .every(({ preview }) => preview),
    );
  });

  it("an update makes everything, with what follows from it", async () => {
    const run = await scene().run("up", "dev");

    assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
    const state = await scene().state("dev");
    const image = state.find(({ type }) => type === "docker:index/image:Image")?.outputs?.repoDigest;
    assert.match(String(image), /^111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/verifier-\w{7}@sha256:\w{64}$/);
    assert.equal(state.find(({ type }) => type === LAMBDA)?.outputs?.imageUri, image);
    const task = state.find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    assert.match(String(task?.parent), /awsx:ecs:FargateTaskDefinition::sample$/);
    assert.match(run.stdout, /taskDefinition: "arn:aws:ecs:eu-west-1:111122223333:task-definition\/sample-\w{7}:1"/);
  });

  it("an update with nothing new changes nothing", async () => {
    assert.deepEqual(await changes({}), []);
  });

  it("a change reaches what follows from it, and nothing else", async () => {
    assert.deepEqual(await changes({ "fixture:word": "other" }), [
      "create-replacement Command sign",
      "create-replacement TaskDefinition sample",
      "delete-replaced Command sign",
      "delete-replaced TaskDefinition sample",
      "replace Command sign",
      "replace TaskDefinition sample",
      "update Function verifier",
      "update Image verifier",
    ]);
  });

  it("an update that fails is recorded and not applied; the next one looks done, which reads what there is", async () => {
    const functionOf = async () => (await scene().state("dev")).find(({ type }) => type === LAMBDA);
    const real = (id?: string) => scene().applied(LAMBDA, id ?? "")?.imageUri;
    const before = await functionOf();
    aws.refuse("operation error Lambda: UpdateFunctionCode, InvalidParameterValueException");
    await configure({ "fixture:word": "refused" });

    const failed = await scene().run("up", "dev");

    const after = await functionOf();
    assert.notEqual(failed.code, 0);
    assert.match(failed.errors.join(), /UpdateFunctionCode/);
    assert.notEqual(after?.outputs?.imageUri, before?.outputs?.imageUri);
    assert.equal(real(after?.id), before?.outputs?.imageUri);
    aws.refuse(undefined);
    assert.ok((await changes({})).includes("update Function verifier"));
    assert.equal(real(after?.id), before?.outputs?.imageUri, "nothing was applied");
    assert.equal((await functionOf())?.outputs?.imageUri, before?.outputs?.imageUri, "but read");
    assert.deepEqual(await changes({}), ["update Function verifier"]);
    assert.equal(real(after?.id), after?.outputs?.imageUri);
  });

  it("a creation that fails half-way is recorded, without what would have been read", async () => {
    const name = "/half";
    aws.failHalfWay(LOG_GROUP, "setting CloudWatch Logs Log Group retention policy: OperationAbortedException", [
      "retentionInDays",
    ]);
    await configure({ "fixture:logs": name });
    const logGroup = async () =>
      (await scene().state("dev")).filter(({ type }) => type === LOG_GROUP).find(({ id }) => id === name);

    const failed = await scene().run("up", "dev");
    const half = await logGroup();

    assert.notEqual(failed.code, 0);
    assert.match(failed.errors.join(), /OperationAbortedException/);
    assert.deepEqual([half?.outputs?.arn, half?.outputs?.region], [undefined, "eu-west-1"]);
    assert.equal(half?.outputs?.retentionInDays, 7);
    assert.equal(scene().applied(LOG_GROUP, name)?.retentionInDays, undefined);
    assert.ok((await changes({})).includes("update LogGroup verifier"));
    assert.match(String((await logGroup())?.outputs?.arn), /^arn:aws:logs:/);
    assert.deepEqual(await changes({}), ["update LogGroup verifier"]);
    assert.equal(scene().applied(LOG_GROUP, name)?.retentionInDays, 7);
    assert.deepEqual(await changes({}), []);
  });

  it("a change of a name that is given makes another resource", async () => {
    assert.deepEqual(await changes({ "fixture:logs": "/another" }), [
      "create-replacement LogGroup verifier",
      "delete-replaced LogGroup verifier",
      "replace LogGroup verifier",
    ]);
  });

  it("a secret is no plain text in the state", async () => {
    const secret = "open sesame";
    const { code } = await scene().pulumi("config", "set", "--secret", "word-of-secret", secret, "--stack", "dev");
    assert.equal(code, 0);

    assert.deepEqual(await changes({}), ["update Function verifier"]);

    assert.ok(!(await stateFile()).includes(secret));
    const settings = await readFile(join(scene().project.folder, "Pulumi.dev.yaml"), "utf8");
    assert.ok(!settings.includes(secret));
    const { inputs } =
      scene()
        .calls()
        .filter(({ type }) => type === LAMBDA)
        .at(-1) ?? {};
    assert.deepEqual(inputs?.environment, { variables: { WORD: secret } });
  });

  it("a build context is another one when a file's content, mode or name is", async () => {
    const context = await mkdtemp(join(tmpdir(), "context-"));
    const [dockerfile, file, renamed] = ["Dockerfile", "file", "renamed"].map((name) => join(context, name));
    assert.ok(dockerfile && file && renamed);
    const digest = () => contextDigest(context, dockerfile);
    try {
      await writeFile(dockerfile, "FROM scratch", { mode: 0o644 });
      await writeFile(file, "one", { mode: 0o644 });
      const digests = [digest(), digest()];
      await writeFile(file, "other");
      digests.push(digest());
      await chmod(file, 0o600);
      digests.push(digest());
      await rename(file, renamed);
      digests.push(digest());

      assert.equal(digests[0], digests[1]);
      assert.equal(new Set(digests).size, 4);
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });

  it("a type that no stand-in plays is an error that says so", async () => {
    await configure({ "fixture:bucket": true });

    const run = await scene().run("preview", "dev");

    assert.notEqual(run.code, 0);
    assert.match(run.errors.join(), /the provider aws does not play the resource type aws:s3\/bucket:Bucket/);
    await configure({ "fixture:bucket": false });
  });

  it("an error of the program's own reaches whoever runs it", async () => {
    const run = await scene().run("preview", "without-configuration");

    assert.notEqual(run.code, 0);
    assert.match(run.errors.join(), /^fixture:tag is missing$/);
    assert.ok(!run.steps.some(({ type }) => type === LAMBDA));
  });

  it("what is protected is not destroyed, and the engine says how to unprotect it", async () => {
    assert.deepEqual(await changes({ "fixture:protect": true }), []);

    const run = await scene().run("destroy", "dev");

    assert.notEqual(run.code, 0);
    assert.match(run.errors.join(), /pulumi state unprotect/);
    assert.ok((await scene().state("dev")).some(({ type }) => type === "aws:iam/role:Role"));
  });

  it("a role with a policy that somebody has attached is not destroyed", async () => {
    await changes({ "fixture:protect": false });
    const role = (await scene().state("dev")).find(({ type }) => type === "aws:iam/role:Role")?.id ?? "";
    roles.attach(role, "arn:aws:iam::aws:policy/ReadOnlyAccess");

    const run = await scene().run("destroy", "dev");

    assert.notEqual(run.code, 0);
    assert.match(run.errors.join(), /DeleteConflict: Cannot delete entity, must detach all policies first/);
    roles.detach(role, "arn:aws:iam::aws:policy/ReadOnlyAccess");
  });

  it("a role takes ten policies, and what is attached or inline is in the way of a deletion", async () => {
    const kinds = awsPackage(undefined, undefined, iamRoles()).kinds;
    const kindOf = (type: string) => {
      const kind = kinds[type];
      assert.ok(kind);
      return kind;
    };
    const make = async (type: string, inputs: Properties) => {
      const resource = { type, name: "one", folder: "", inputs };
      const made = await kindOf(type).create(resource);
      return { ...made, remove: async () => kindOf(type).remove?.(resource, made) };
    };
    const attach = (policyArn: string) =>
      make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "r", policyArn });
    const role = await make("aws:iam/role:Role", { name: "r" });
    const policy = await make("aws:iam/policy:Policy", { name: "p", policy: "{}" });
    const inline = await make("aws:iam/rolePolicy:RolePolicy", { name: "i", role: "r", policy: "{}" });
    const attachments = [await attach(policy.id)];
    for (let count = 1; count < 10; count += 1)
      attachments.push(await attach(`arn:aws:iam::111122223333:policy/${count}`));

    await assert.rejects(attach("arn:aws:iam::111122223333:policy/10"), /LimitExceeded: .*PoliciesPerRole: 10/);
    await attach(policy.id);
    await assert.rejects(policy.remove(), /DeleteConflict: Cannot delete a policy attached to entities/);
    await assert.rejects(role.remove(), /DeleteConflict: .*must detach all policies first/);
    for (const attachment of attachments) await attachment.remove();
    await policy.remove();
    await assert.rejects(role.remove(), /DeleteConflict: .*must delete policies first/);
    await inline.remove();
    await role.remove();
  });

  it("without protection nothing is left", async () => {
    const run = await scene().run("destroy", "dev");

    assert.deepEqual([run.code, run.errors], [0, []]);
    assert.deepEqual(await scene().state("dev"), []);
    const made = scene()
      .calls()
      .filter(({ method, preview }) => method === "create" && !preview);
    const gone = scene()
      .calls()
      .filter(({ method }) => method === "delete");
    // The role's was refused once.
    assert.equal(gone.length, made.length + 1);
  });
});
