# closewait as an image: docker build --target closewait -t closewait .
# The target `wire` has servers for it to start, too.
FROM node:20-bookworm-slim AS build
WORKDIR /closewait
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM debian:bookworm-slim AS base
RUN apt-get update \
  && apt-get install -y --no-install-recommends iproute2 \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
  && useradd --uid 1000 --create-home closewait \
  && ln -s /closewait/dist/main.js /usr/local/bin/closewait
COPY --from=build /usr/local/bin/node /usr/local/bin/
COPY --from=build /closewait/package.json /closewait/
COPY --from=build /closewait/node_modules /closewait/node_modules
COPY --from=build /closewait/dist /closewait/dist
COPY targets/known-failures.json /closewait/targets/
COPY scripts/compose /closewait/compose
WORKDIR /home/closewait
ENTRYPOINT ["closewait"]
CMD ["--help"]

FROM base AS wire
RUN apt-get update \
  && apt-get install -y --no-install-recommends nginx-light redis-server \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/*

FROM base AS closewait
USER closewait
