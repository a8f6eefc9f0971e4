#!/usr/bin/env node
// npm run compose [-- SERVICE]: builds the images of docker-compose.yml and runs a service of it, closewait or wire; exits with its code.
// npm run prove:compose: that both hold, and that without its capabilities `wire` skips and says why.
//
// Its environment says how: DOCKER (docker) and COMPOSE (docker compose) are the commands. BUILD is one that takes TAG FOLDER DOCKERFILE, for
// an engine whose compose cannot build. With STAND_INS=1 images that cannot be pulled are made of Debian's packages.
import { fileURLToPath } from 'node:url';
import { COMPOSE, makeImages, PROFILE, run } from './compose/engine.mjs';
import { prove } from './compose/prove.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [word = 'closewait'] = process.argv.slice(2);

makeImages(root);
if (word === '--prove') {
  process.exitCode = prove(root);
} else {
  process.exitCode = run(root, COMPOSE, [
    ...PROFILE,
    'up',
    '--no-build',
    '--exit-code-from',
    word,
    word,
  ]).status;
  run(root, COMPOSE, [...PROFILE, 'down', '--remove-orphans']);
}
