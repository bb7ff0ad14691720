import assert from "node:assert/strict";
import {
  blockCommands,
  logsQueryLink,
  revokeCommands,
  runSampleCommands,
  signCommands,
  VERDICT_QUERY,
} from "../../../components/commands";

const PROFILE = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";

describe("text to paste", () => {
  it("signs an image of the account's registry", () => {
    const text = signCommands({
      region: "eu-west-1",
      registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
      profileArn: PROFILE,
    });

    assert.equal(
      text,
      [
        "# Replace REPOSITORY and DIGEST. Needs the Notation CLI and the AWS Signer plugin.",
        'NOTATION_USERNAME=AWS NOTATION_PASSWORD="$(aws ecr get-login-password --region eu-west-1)" \\',
        "  notation sign 111122223333.dkr.ecr.eu-west-1.amazonaws.com/REPOSITORY@sha256:DIGEST \\",
        "  --plugin com.amazonaws.signer.notation.plugin --plugin-config aws-region=eu-west-1 \\",
        `  --id ${PROFILE}`,
      ].join("\n"),
    );
  });

  it("signs in the region of the profile, and logs in to the registry's", () => {
    const text = signCommands({
      region: "eu-west-1",
      registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
      profileArn: PROFILE.replace("eu-west-1", "us-east-1"),
    });

    assert.match(text, /get-login-password --region eu-west-1\)/);
    assert.match(text, /--plugin-config aws-region=us-east-1 /);
  });

  it("runs the signed and the unsigned task", () => {
    const text = runSampleCommands({
      region: "eu-west-1",
      signedTaskDefinitionArn: "arn:signed",
      unsignedTaskDefinitionArn: "arn:unsigned",
    });

    assert.deepEqual(
      [...text.matchAll(/--task-definition (\S+)/g)].map(([, arn]) => arn),
      ["arn:signed", "arn:unsigned"],
    );
  });

  it("revokes a version of the profile, in its own region, from a time that a person chooses", () => {
    const text = revokeCommands(PROFILE.replace(":eu-west-1:", ":us-east-1:"), `${PROFILE}/Ab3dEf6hIj`);

    assert.match(
      text,
      /^aws signer revoke-signing-profile --region us-east-1 --profile-name release --profile-version Ab3dEf6hIj /m,
    );
    assert.match(text, /^ {2}--effective-time TIME --reason 'WHY'$/m);
    assert.match(text, /^# Replace TIME and WHY\. /m);
  });

  it("says where the version of a profile that was made elsewhere is found", () => {
    const text = revokeCommands(PROFILE, undefined);

    assert.match(text, /--profile-version VERSION /);
    assert.match(text, /^# Replace VERSION, TIME and WHY\. /m);
    assert.match(text, /get-signing-profile --region eu-west-1 --profile-name release --query profileVersion /);
  });
});

describe("how to give orders of the moment", () => {
  it("is told of the stack, and of exemptions only where there are any", () => {
    assert.match(blockCommands("prod", 0), /^bin\/ecs-image-verification block IMAGE@sha256:DIGEST .* --stack prod$/m);
    assert.doesNotMatch(blockCommands("prod", 0), /exempt/);
    assert.match(
      blockCommands("dev", 8),
      /^# At most 8 hours\..*\nbin\/ecs-image-verification exempt .* --stack dev$/m,
    );
  });
});

describe("the link to the verdicts", () => {
  it("opens CloudWatch Logs Insights with the query and the log group", () => {
    const link = logsQueryLink("eu-west-1", "/verifier-log");

    assert.ok(
      link.startsWith(
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights?",
      ),
    );
    const [, query = "", group = ""] = /editorString~'([^~]*)~source~\(~'([^)]*)\)\)$/.exec(link) ?? [];
    const read = (text: string) =>
      text.replace(/\*([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    assert.equal(read(query), VERDICT_QUERY);
    assert.equal(read(group), "/verifier-log");
  });

  it("knows the console of GovCloud", () => {
    assert.match(logsQueryLink("us-gov-west-1", "log"), /^https:\/\/console\.amazonaws-us-gov\.com\//);
  });
});
