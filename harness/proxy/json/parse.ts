/** A number as it was written: `1.0` and `1` are not the same to who wants a whole number. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object as it was written: keys in order, also twice. */
export class JsonObject {
  readonly entries: readonly (readonly [key: string, value: Json])[];

  constructor(entries: readonly (readonly [string, Json])[]) {
    this.entries = entries;
  }
}

export type Json = null | boolean | string | JsonNumber | JsonObject | readonly Json[];

/** A text is no JSON, or not the JSON that is wanted. */
export class JsonError extends Error {
  /** Where in the text; undefined where it is what the text says that is wrong. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.name = 'JsonError';
    this.offset = offset;
  }
}

/** Deeper nesting is refused: a parser that calls itself must end somewhere. */
export const DEEPEST = 100;

const LITERALS = { null: null, true: true, false: false } as const;

/**
 * Reads the first JSON value of a text (RFC 8259), as Go's decoder does: what comes behind it is left to the caller.
 * JSON.parse cannot do this: it takes one whole text, and forgets how numbers were written and keys that came twice.
 * @throws JsonError
 */
export function parseFirst(text: string): { readonly value: Json; readonly end: number } {
  const parser = new Parser(text);
  const value = parser.value(0);
  return { value, end: parser.at };
}

class Parser {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    const char = this.#peek(depth === 0 ? 'EOF' : undefined);
    if (depth > DEEPEST) throw new JsonError('exceeded max depth', this.at);
    if (char === '{') return this.#object(depth + 1);
    if (char === '[') return this.#array(depth + 1);
    if (char === '"') return this.#string();
    for (const [word, value] of Object.entries(LITERALS)) if (this.#take(word)) return value;
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.at;
    const [digits] = number.exec(this.#text) ?? [];
    if (digits === undefined) throw this.#unexpected('looking for beginning of value');
    this.at += digits.length;
    return new JsonNumber(digits);
  }

  #object(depth: number): JsonObject {
    const entries: [string, Json][] = [];
    this.at++;
    if (this.#peek() === '}') this.at++;
    else
      do {
        if (this.#peek() !== '"') throw this.#unexpected('looking for beginning of object key string');
        const key = this.#string();
        if (this.#peek() !== ':') throw this.#unexpected('after object key');
        this.at++;
        entries.push([key, this.value(depth)]);
      } while (this.#another('}', 'after object key:value pair'));
    return new JsonObject(entries);
  }

  #array(depth: number): Json[] {
    const items: Json[] = [];
    this.at++;
    if (this.#peek() === ']') this.at++;
    else
      do {
        items.push(this.value(depth));
      } while (this.#another(']', 'after array element'));
    return items;
  }

  /** A comma, or the end. */
  #another(close: string, where: string): boolean {
    const char = this.#peek();
    if (char !== ',' && char !== close) throw this.#unexpected(where);
    this.at++;
    return char === ',';
  }

  #string(): string {
    let end = this.at + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) throw new JsonError('unexpected EOF', this.#text.length);
    const written = this.#text.slice(this.at, end + 1);
    let value: string;
    try {
      value = JSON.parse(written) as string;
    } catch {
      throw new JsonError('invalid character in string literal', this.at);
    }
    this.at = end + 1;
    // Half a surrogate pair has no UTF-8, and no URL.
    return /[\ud800-\udfff]/.test(value) ? Buffer.from(value).toString() : value;
  }

  #take(word: string): boolean {
    const there = this.#text.startsWith(word, this.at);
    if (there) this.at += word.length;
    return there;
  }

  /** The next character that is no white space. */
  #peek(atEnd = 'unexpected EOF'): string {
    while (this.at < this.#text.length && ' \t\r\n'.includes(this.#text[this.at]!)) this.at++;
    const char = this.#text[this.at];
    if (char === undefined) throw new JsonError(atEnd, this.at);
    return char;
  }

  #unexpected(where: string): JsonError {
    const char = String.fromCodePoint(this.#text.codePointAt(this.at)!);
    return new JsonError(`invalid character ${JSON.stringify(char)} ${where}`, this.at);
  }
}
