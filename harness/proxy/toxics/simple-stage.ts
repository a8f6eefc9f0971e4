import type { Stage } from './contract.ts';

/** A stage that holds nothing, but for what `stage` says. */
export function simpleStage(stage: Pick<Stage, 'receive'> & Partial<Stage>): Stage {
  return { update: nothing, release: nothing, drop: nothing, held: 0, ...stage };
}

function nothing(): void {}
