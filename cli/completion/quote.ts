/** A word of bash or zsh that stands for this text and nothing else. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
