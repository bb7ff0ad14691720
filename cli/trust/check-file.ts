import type { Position } from "../../trust/position";
import { formatPath, type Problem } from "../../trust/problem";
import { checkDocument } from "./check-document";
import { checkStack } from "./check-stack";
import type { TrustFile } from "./file";
import type { CheckOptions, PlacedProblem, TrustCheck } from "./findings";
import { problemPath } from "./stack-file";

/** Checks a file as far as possible without AWS and Pulumi. */
export function checkTrustFile(file: TrustFile, options: CheckOptions): TrustCheck {
  const { problems, warnings, notChecked } =
    file.kind === "stack" ? checkStack(file.stack, file.value, options) : checkDocument(file.value, options);
  const found = problems.length + warnings.length > 0 ? positionsIn(file) : new Map();
  const placed = (problem: Problem): PlacedProblem => withPosition(problem, found);
  return {
    file: file.file,
    kind: file.kind,
    problems: problems.map(placed),
    warnings: warnings.map(placed),
    notChecked,
  };
}

/** Where everything is, by its path as problems name it. */
function positionsIn({ kind, places }: TrustFile): ReadonlyMap<string, Position> {
  const toPath = kind === "stack" ? problemPath : formatPath;
  return new Map(places?.().map(({ path, position }) => [toPath(path), position]));
}

/** With the position of what the problem is about; of what is missing, that of the mapping in which it is. */
function withPosition(problem: Problem, positions: ReadonlyMap<string, Position>): PlacedProblem {
  const position =
    positionAround(problem.path, positions) ?? positions.get("config") ?? positions.values().next().value;
  return position === undefined ? problem : { ...problem, position };
}

function positionAround(path: string, positions: ReadonlyMap<string, Position>): Position | undefined {
  const found = positions.get(path);
  const end = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return found !== undefined || end < 1 ? found : positionAround(path.slice(0, end), positions);
}
