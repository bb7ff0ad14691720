/** A line of text with lines below it. */
export interface TreeNode {
  readonly text: string;
  readonly children?: readonly TreeNode[];
}

/** The lines of a tree, drawn in the style of the Notation CLI. */
export function treeLines({ text, children = [] }: TreeNode): string[] {
  const below = children.flatMap((child, index) => {
    const last = index === children.length - 1;
    const [first = "", ...rest] = treeLines(child);
    return [`${last ? "└── " : "├── "}${first}`, ...rest.map((line) => `${last ? "    " : "│   "}${line}`)];
  });
  return [text, ...below];
}
