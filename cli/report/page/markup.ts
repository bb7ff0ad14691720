/** A piece of HTML that is safe as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = Markup | string | number | undefined | readonly Value[];

/** HTML from a template: every value that is no {@link Markup} is text, and stays text in elements and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + toText(values[at - 1]) + part));
}

function toText(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  return typeof value === "string" || typeof value === "number"
    ? escapeHtml(String(value))
    : value.map(toText).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Text of others for people: control characters, what turns the direction of writing, and what cannot be seen are shown
 * by their numbers.
 */
export function visibleText(text: string, limit: number): string {
  const shown = [...text.toWellFormed()].slice(0, limit).join("");
  const visible = shown.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return shown.length < text.length ? `${visible}...` : visible;
}
