/**
 * An assertion that takes time. Its work starts when it is awaited; one that is made and never awaited would pass
 * whatever happens, so it is remembered until then and {@link takeUnawaited} tells of it.
 */
export class PendingAssertion implements PromiseLike<void> {
  readonly #text: string;
  readonly #subject: object;
  readonly #work: () => Promise<void>;

  /** @param text what a message calls it: `.to.reach('CLOSE_WAIT')` */
  constructor(subject: object, text: string, work: () => Promise<void>) {
    this.#subject = subject;
    this.#text = text;
    this.#work = work;
    unawaited.add(this);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- being awaited is what it is for, and how it knows that it was
  then<A = void, B = never>(
    fulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    unawaited.delete(this);
    return this.#work().then(fulfilled, rejected);
  }

  /** This one is replaced by a more exact one: `.reach(S)` by `.reach(S).within(ms)`. */
  withdraw(): void {
    unawaited.delete(this);
  }

  isAbout(subjects: readonly object[]): boolean {
    return subjects.includes(this.#subject);
  }

  toString(): string {
    return this.#text;
  }
}

const unawaited = new Set<PendingAssertion>();

/**
 * The assertions that were made and never awaited, as text; they are forgotten then.
 * @param subjects only those about these connections; all, unless given
 */
export function takeUnawaited(subjects?: readonly object[]): string[] {
  const found = [...unawaited].filter((assertion) => subjects === undefined || assertion.isAbout(subjects));
  for (const assertion of found) unawaited.delete(assertion);
  return found.map(String);
}
