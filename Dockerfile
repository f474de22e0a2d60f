# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked && cp target/release/keydesk /keydesk

FROM debian:bookworm-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin keydesk \
    && install -d -o keydesk -g keydesk -m 0700 /data
COPY --from=build /keydesk /usr/local/bin/keydesk
COPY packaging/start /usr/local/bin/start
ENV DATABASE_URL=sqlite:///data/keydesk.db
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/start"]
CMD ["serve"]
