# syntax=docker/dockerfile:1
# One static program on busybox. It is built by the same script as a release.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends musl-tools \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    packaging/release --program && cp target/release-files/keydesk /keydesk

# Busybox is there for three things: it hands a fresh volume over before the program starts, it asks
# after its health, and somebody can look around. Certificates and time zones are in the program.
FROM busybox:1.37-musl
RUN adduser -D -H -s /bin/false keydesk && install -d -o keydesk -g keydesk -m 0700 /data
COPY --from=build /keydesk /usr/local/bin/keydesk
COPY packaging/start /usr/local/bin/start
ENV DATABASE_URL=sqlite:///data/keydesk.db KEYDESK_LOG=json
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/usr/local/bin/start"]
CMD ["serve"]
