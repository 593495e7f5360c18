# The model server without native TensorFlow (docs/images.md): `npm run image`, or any builder from the root of the checkout.
# A base has Debian's C and C++ libraries, Node and npm. Of it the image gets the libraries, and Node if it is the pinned one.
ARG BASE=docker.io/library/node:22.23.3-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c

FROM ${BASE} AS parts
WORKDIR /app
COPY model-server/images/cpu/package.json model-server/images/cpu/package-lock.json ./
RUN --mount=type=secret,id=npmrc ["node", "/usr/local/lib/node_modules/npm/bin/npm-cli.js", "ci", "--userconfig=/run/secrets/npmrc", "--ignore-scripts", "--omit=dev", "--no-bin-links", "--no-audit", "--no-fund", "--loglevel=error"]
COPY core core
COPY model-server model-server
ARG NODE_SHA256=fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48
RUN ["node", "model-server/images/assemble.mjs"]

FROM scratch
COPY --from=parts /image /
COPY --from=parts /server /app
WORKDIR /app
ENV NODE_ENV=production
USER 10001:10001
EXPOSE 8780
HEALTHCHECK --interval=10s --timeout=5s --retries=6 CMD ["/usr/local/bin/node", "/app/model-server/alive.ts"]
ENTRYPOINT ["/usr/local/bin/node", "/app/model-server/main.ts"]
CMD ["serve"]
