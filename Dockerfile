# Build: everything that compiling takes, none of which reaches the image that runs.
FROM node:24.21-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without install scripts: the package `node` would bring a Node.js for glibc, which Alpine cannot run, in place of the image's.
RUN npm ci --ignore-scripts
COPY .ci/node-version.cjs .ci/
COPY build.js swc.config.js ./
COPY src src
COPY explorer explorer
RUN npm run build && npm run build:explorer && npm prune --omit=dev --ignore-scripts

FROM node:24.21-alpine
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 CRMESH_DATA_DIR=/data
WORKDIR /app
# The embedded database and its key, where no DATABASE_URL is given.
RUN mkdir /data && chown node:node /data
VOLUME /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 4000
# By the wget of the image, which needs far less memory than a second Node.js. A proxy of the environment is for other calls.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD http_proxy= wget -q -O /dev/null "http://127.0.0.1:$PORT/readyz" || exit 1
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
