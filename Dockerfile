# One image for stdio and serve. It runs as the user node, which can only write to the data folder.
#
#   docker build -t mcp-1688 .
#   docker run -i --rm -v mcp-1688:/data mcp-1688                                       # MCP over stdio
#   docker run --rm -v mcp-1688:/data mcp-1688 keys add --name ana --tier hobby         # prints the key once
#   docker run -d -p 1688:1688 --stop-timeout 30 -v mcp-1688:/data mcp-1688 serve       # MCP over HTTP, for that key
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
# The MCP registry compares this name with the one in server.json.
LABEL io.modelcontextprotocol.server.name="io.github.mcp-1688/mcp-1688"
ENV NODE_ENV=production MCP1688_DATA_DIR=/data MCP1688_HOST=0.0.0.0
RUN install -d -o node -g node -m 700 /data
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/THIRD_PARTY_NOTICES.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/assets assets
USER node
VOLUME /data
EXPOSE 1688
ENTRYPOINT ["node", "dist/mcp-1688.js"]
