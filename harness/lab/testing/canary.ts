import { linkIndex, Namespace, withRoutes } from '#sys';

/**
 * Tells when a namespace has truly ended, whoever held it: a device of its own goes with it, and so does that device's
 * other end, which lies in a namespace of the canary.
 */
export class Canary {
  readonly #namespace = Namespace.create();

  constructor(watched: Namespace) {
    watched.run(() => withRoutes((routes) => routes.addVeth('canary', 'watched', this.#namespace)));
  }

  get hasEnded(): boolean {
    return this.#namespace.run(() => {
      try {
        linkIndex('watched');
        return false;
      } catch {
        return true;
      }
    });
  }

  close(): void {
    this.#namespace.close();
  }
}
