# Two images. The first answers MCP over stdio, the second over HTTP. Both run as the user node, who can only write to /data, so the
# rest may be read-only.
#
#   docker build -t mcp-1688 .
#   docker run -i --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -v mcp-1688:/data mcp-1688
#
#   docker build --target serve -t mcp-1688-serve .
#   docker run --rm -v mcp-1688:/data mcp-1688-serve keys add --name ana --tier hobby        # prints the key once
#   docker run -d --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --memory 1536m --stop-timeout 30 \
#     -p 127.0.0.1:1688:1688 -v mcp-1688:/data mcp-1688-serve
#
# scripts/pin-images.ts adds the digests of the base images: docs/publishing.md.
FROM node:22.23.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22.23.2-bookworm-slim AS program
# The MCP registry compares this name with the one in server.json.
LABEL io.modelcontextprotocol.server.name="io.github.mcp-1688/mcp-1688"
ENV NODE_ENV=production MCP1688_DATA_DIR=/data
# A volume for the pictures of imports starts with the owner of their folder.
RUN install -d -o node -g node -m 700 /data /data/sheet-pictures
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/THIRD_PARTY_NOTICES.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/assets assets
USER node
VOLUME /data
ENTRYPOINT ["node", "dist/mcp-1688.js"]

FROM program AS serve
# A public address: serve refuses to start on it until a key was created.
ENV MCP1688_HOST=0.0.0.0
EXPOSE 1688
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:1688/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["serve"]

FROM program
