import fc from "fast-check";

/**
 * Any character of Unicode: what `unit: "binary"` of fast-check gives, without the table of them all that it builds first,
 * which takes longer than the tests.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint));
