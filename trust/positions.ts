import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import type { Place } from "./position";

/** The places of everything in a document: of a key with a value that of the key, of an entry of a list its own. */
export function placesIn(document: Document.Parsed, lines: LineCounter): readonly Place[] {
  return placesBelow(document.contents, [], { anchors: new Map(), lines });
}

interface Source {
  /** What has an anchor so far. `alias.resolve` would look through the document for each alias. */
  readonly anchors: Map<string, Node>;
  readonly lines: LineCounter;
}

function placesBelow(node: Node | null | undefined, path: readonly PropertyKey[], source: Source): readonly Place[] {
  // What an alias stands for is where the anchor is. The reader has refused aliases without end.
  if (isAlias(node)) return placesBelow(source.anchors.get(node.source), path, source);
  if (isCollection(node) && node.anchor !== undefined) source.anchors.set(node.anchor, node);
  if (isMap<Node, Node>(node)) {
    return node.items.flatMap(({ key, value }) => {
      if (!isScalar(key)) return [];
      const place = [...path, String(key.value)];
      return [...placeOf(key, place, source), ...placesBelow(value, place, source)];
    });
  }
  if (!isSeq<Node>(node)) return [];
  return node.items.flatMap((item, index) => {
    const place = [...path, index];
    return [...placeOf(item, place, source), ...placesBelow(item, place, source)];
  });
}

function placeOf({ range }: Node, path: readonly PropertyKey[], { lines }: Source): readonly Place[] {
  if (range === undefined || range === null) return [];
  const start = lines.linePos(range[0]);
  const end = lines.linePos(range[1]);
  return [{ path, position: { line: start.line, column: start.col, endLine: end.line, endColumn: end.col } }];
}
