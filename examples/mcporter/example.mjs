// mcporter: the tools of mcp-1688 from a script, without a model.
//   npm ci && node example.mjs search_by_image '{"image_url":"/path/to/photo.jpg"}' [TOOL ARGUMENTS …]
import path from 'node:path'
import { createCallResult, createRuntime } from 'mcporter'

const runtime = await createRuntime({
  servers: [
    {
      name: 'mcp-1688',
      command: {
        kind: 'stdio',
        command: 'node',
        args: [path.join(import.meta.dirname, '../../dist/mcp-1688.js')],
        cwd: import.meta.dirname,
      },
    },
  ],
})
try {
  const [, , ...words] = process.argv
  for (let index = 0; index < words.length; index += 2) {
    const result = createCallResult(
      await runtime.callTool('mcp-1688', words[index], { args: JSON.parse(words[index + 1]) }),
    )
    // One line for each call.
    console.log(JSON.stringify(result.text()))
  }
} finally {
  await runtime.close()
}
