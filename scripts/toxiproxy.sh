#!/usr/bin/env bash
# Installs the real Toxiproxy, for the tests that compare the embedded proxy with it: toxiproxy-server and toxiproxy-cli,
# built by Go, in the cache folder of the user.
set -euo pipefail

readonly VERSION=2.12.0
readonly MODULE=github.com/Shopify/toxiproxy/v2
folder=${XDG_CACHE_HOME:-$HOME/.cache}/closewait/toxiproxy

for program in server cli; do
  # Built without this it calls itself `git`.
  GOBIN=$folder go install -ldflags "-X $MODULE.Version=$VERSION" "$MODULE/cmd/$program@v$VERSION"
  mv "$folder/$program" "$folder/toxiproxy-$program"
done
"$folder/toxiproxy-server" -version
