/** A fenced block of a page. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** A command of a page, and the code that it is to exit with: 0, unless a comment behind it says `# exit N`. */
export interface Command {
  readonly line: string;
  readonly exit: number;
}

/** A block of commands, and what a `text` block right after it says that they print. */
export interface Example {
  readonly commands: readonly Command[];
  readonly output: readonly string[] | null;
}

/** What a page asks its reader to run, and the files that it shows. */
export interface Snippets {
  readonly examples: readonly Example[];
  /** Blocks whose first line is `// NAME`: name to the rest. */
  readonly files: ReadonlyMap<string, string>;
}

export function snippetsOf(page: string): Snippets {
  const blocks: Block[] = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));
  const examples: Example[] = [];
  const files = new Map<string, string>();
  blocks.forEach(({ language, text }, at) => {
    const [, name, content] = /^\/\/ (\S+)\n([^]*)$/.exec(text) ?? [];
    if (name !== undefined) files.set(name, content!);
    if (language !== 'sh') return;
    const next = blocks[at + 1];
    const output = next?.language === 'text' ? next.text.trimEnd().split('\n') : null;
    examples.push({ commands: text.trimEnd().split('\n').map(parseCommand), output });
  });
  return { examples, files };
}

function parseCommand(text: string): Command {
  const [line = '', comment = ''] = text.split(/\s+#\s+/);
  return { line, exit: Number(/^exit (\d+)$/.exec(comment)?.[1] ?? 0) };
}

/**
 * Where `shown` is not what `printed` has, in words; null: it is all there, in order. Numbers and the width of columns do not
 * count; a line `...` stands for any lines, and `...` at the end of a line for the rest of it.
 */
export function difference(shown: readonly string[], printed: readonly string[]): string | null {
  const masked = printed.map(maskLine);
  let at = 0;
  let mayskip = true;
  for (const line of shown) {
    if (line === '...') {
      mayskip = true;
      continue;
    }
    const found = masked.findIndex((other, index) => index >= at && matches(maskLine(line), other));
    if (found < 0) return `not printed: ${line}`;
    if (found > at && !mayskip) return `'${line}' is shown where this is printed: ${printed[at]}`;
    at = found + 1;
    mayskip = false;
  }
  return null;
}

function matches(shown: string, printed: string): boolean {
  return shown.endsWith('...') ? printed.startsWith(shown.slice(0, -3)) : shown === printed;
}

function maskLine(line: string): string {
  return line
    .replace(/\d[\d.]*(µs|ms|s)\b/g, '#t')
    .replace(/(?<!\.)\d+(\.\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trimEnd();
}
