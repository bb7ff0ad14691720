import { readBaseTrust } from "../components/image/base-trust";
import { type ImageSetting, imageContradictions } from "../components/image/image-contradictions";
import { isRegionName, PartitionUnsupportedError, parseEcrHost } from "../trust/partition";
import { parseReference } from "../trust/reference";
import { type ConfigurationProblem, formatKey, trustProblems } from "./problem";
import type { WrittenConfiguration } from "./schema";
import type { StackPlace } from "./stack-place";

type Problems = readonly ConfigurationProblem[];
type Verifier = WrittenConfiguration["verifier"];

/** The problems of the image that the functions run: it is in the wrong place, or its settings do not fit together. */
export function imageProblems({ verifier }: Pick<WrittenConfiguration, "verifier">, place: StackPlace): Problems {
  return [...placeProblems(verifier, place), ...settingProblems(verifier), ...baseTrustProblems(verifier)];
}

/** Lambda accepts images only from ECR in its own region (Lambda guide, "Create a function using a container image"). */
function placeProblems({ imageUri }: Verifier, { region }: StackPlace): Problems {
  if (imageUri === undefined || region === undefined || !isRegionName(region)) return [];
  const found = parseEcrHost(parseReference(imageUri).registry)?.region;
  if (found === region) return [];
  return [
    {
      key: formatKey(["verifier", "imageUri"]),
      value: imageUri,
      message: `is not in ECR in ${region}, and Lambda accepts no other images`,
      fix: `Push it to a repository in ${region}: ecs-image-verification image build --stack STACK --repository REPOSITORY --push`,
    },
  ];
}

/** The keys of the settings that a component has under other names. */
const KEYS: Partial<Record<ImageSetting, keyof Verifier>> = {
  "baseImages.go": "goImage",
  "baseImages.node": "nodeImage",
};

function settingProblems({ goImage, nodeImage, ...verifier }: Verifier): Problems {
  return imageContradictions({ ...verifier, baseImages: { go: goImage, node: nodeImage } }).map(
    ({ setting, ...problem }) => ({ key: formatKey(["verifier", KEYS[setting] ?? setting]), ...problem }),
  );
}

function baseTrustProblems({ baseImageTrust }: Verifier): Problems {
  if (baseImageTrust === undefined) return [];
  const at = ["verifier", "baseImageTrust"];
  try {
    readBaseTrust(baseImageTrust);
    return [];
  } catch (error) {
    if (!(error instanceof PartitionUnsupportedError)) return trustProblems(error, at);
    return [{ key: formatKey(at), value: undefined, message: "cannot be used", fix: error.message }];
  }
}
