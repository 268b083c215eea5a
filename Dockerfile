# One image for every app: docker build --build-arg APP=ingest-logs -t rollcall/ingest-logs:0.1.0 .
# APP is a folder of apps/. The version of Node is that of package.json; `npm run k8s` compares both.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/cdc-extractor/package.json apps/cdc-extractor/
COPY apps/cli/package.json apps/cli/
COPY apps/ingest-logs/package.json apps/ingest-logs/
COPY apps/reporting/package.json apps/reporting/
COPY apps/simulator/package.json apps/simulator/
COPY apps/warehouse-loader/package.json apps/warehouse-loader/
COPY bench/package.json bench/
COPY e2e/package.json e2e/
COPY libs/catalog/package.json libs/catalog/
COPY libs/contracts/package.json libs/contracts/
COPY libs/embedded/package.json libs/embedded/
COPY libs/kernel/package.json libs/kernel/
COPY libs/lake/package.json libs/lake/
COPY libs/messaging/package.json libs/messaging/
COPY libs/reports/package.json libs/reports/
COPY libs/service/package.json libs/service/
COPY libs/source-postgres/package.json libs/source-postgres/
COPY libs/testkit/package.json libs/testkit/
COPY libs/warehouse/package.json libs/warehouse/

# Install scripts and optional packages are programs that an image has no use for: a second Node, an embedded PostgreSQL. But for one, see below.
FROM manifests AS packages
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM manifests AS build
ARG APP
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY libs libs
COPY apps apps
RUN test -f "apps/${APP}/src/main.ts" || { echo "APP='${APP}' is no folder of apps/ with a main.ts" >&2; exit 1; }
RUN node node_modules/typescript/bin/tsc -b "apps/${APP}"
RUN if [ -f "apps/${APP}/web/vite.config.ts" ]; then \
      node node_modules/vite/bin/vite.js build --config "apps/${APP}/web/vite.config.ts"; \
    fi
# Of each project only what runs: its package.json and its dist.
RUN for project in libs/* "apps/${APP}"; do \
      if [ -d "${project}/dist" ]; then \
        mkdir -p "/out/${project}" && cp -R "${project}/package.json" "${project}/dist" "/out/${project}/"; \
      fi; \
    done

FROM ${NODE_IMAGE}
ARG APP
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rollcall/${APP}" \
      org.opencontainers.image.description="Rollcall: who took part, from the sources to the reports" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# Folders that a volume may be mounted on: a new named volume takes over the owner.
RUN groupadd --gid 10001 rollcall \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin rollcall \
    && mkdir /lake /drops && chown 10001:10001 /lake /drops
COPY --from=packages /app/node_modules /app/node_modules
# The program that draws PNGs is an optional package, one for each system.
COPY --from=build /app/node_modules/@resvg /app/node_modules/@resvg
COPY --from=build /out /app
COPY package.json /app/
COPY catalog /app/catalog
COPY reports /app/reports
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    CATALOG_DIR=/app/catalog \
    REPORTS_DIR=/app/reports
USER 10001:10001
WORKDIR /app/apps/${APP}
EXPOSE 8080
# Node handles SIGTERM itself as process 1. Health is asked for over HTTP: /healthz and /readyz.
ENTRYPOINT ["node", "--enable-source-maps", "--import", "@rollcall/service/telemetry", "dist/main.js"]
HEALTHCHECK NONE
