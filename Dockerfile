# docker build -t yuanbench --build-arg COMMIT=$(git rev-parse --short=12 HEAD) .
# docker run --rm -v $PWD/data:/data yuanbench eval …    models come to data/yuanbench, runs to data/runs
#
# Tests run in a box that needs user namespaces; where the container may not make them, the report says which isolation
# was reached.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas-dev libcurl4-openssl-dev pkg-config && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
ARG COMMIT
ENV YUANBENCH_COMMIT=$COMMIT
RUN swift build -c release --product yuanbench --static-swift-stdlib \
  && install -D "$(swift build -c release --static-swift-stdlib --show-bin-path)/yuanbench" /out/bin/yuanbench \
  && mkdir -p /out/share/yuanbench && cp -R Datasets /out/share/yuanbench/

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends libopenblas0-pthread python3 python3-pip libcurl4 libxml2 ca-certificates \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /out /usr/local
WORKDIR /data
ENV XDG_CACHE_HOME=/data
ENTRYPOINT ["yuanbench"]
