# Toxiproxy from its sources, laid out as its makers' image: TOXIPROXY_IMAGE names that one instead.
FROM golang:1.24-bookworm AS build
ARG VERSION=2.12.0
ENV CGO_ENABLED=0
RUN for program in server cli; do \
    go install -trimpath -ldflags "-s -w -X github.com/Shopify/toxiproxy/v2.Version=$VERSION" \
      "github.com/Shopify/toxiproxy/v2/cmd/$program@v$VERSION" || exit; \
  done

FROM scratch
COPY --from=build /go/bin/server /toxiproxy
COPY --from=build /go/bin/cli /toxiproxy-cli
USER 65534:65534
ENTRYPOINT ["/toxiproxy"]
CMD ["-host=0.0.0.0"]
