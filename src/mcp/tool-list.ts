/** The list of tools as one client sees it: what depends on the client is how it can pass on a person's file. */
import type { ListToolsResult } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { annotationsOf, type ToolListing } from '../tools/define.ts'
import { recordIn } from '../tools/json-values.ts'
import type { Client } from './client-of.ts'
import { type JsonSchema, listedSchemas } from './listed-schemas.ts'
import { uiMetaOf } from './pages.ts'

/** Whether ChatGPT's way to pass attachments is declared: to ChatGPT, to everybody, or to nobody. */
export type FileParams = 'auto' | 'on' | 'off'

const jsonObject = z.record(z.string(), z.json())

/** The property that the host fills. */
const PHOTO = 'photo'

/**
 * ChatGPT only fills a property of exactly this shape: four members, two of them required, and no word on others. The
 * description is what makes its model pass the attachment.
 */
const PHOTO_SCHEMA = {
  type: 'object',
  description: 'The picture that the user attached or pasted: always pass it here when there is one.',
  properties: {
    download_url: { type: 'string' },
    file_id: { type: 'string' },
    mime_type: { type: 'string' },
    file_name: { type: 'string' },
  },
  required: ['download_url', 'file_id'],
}

/** Draft SEP-2356. A data: URL of it fits the limit of a message. */
const FILE_INPUT = { format: 'uri', 'x-mcp-file': { accept: ['image/*'], maxSize: 10_000_000 } }

const NO_ATTACHMENTS =
  'A chat attachment does not reach this server: pass its URL, a local path (over stdio), or call pick_photo.'
const ATTACHMENTS = 'If the user attached or pasted a picture, always pass it as photo; otherwise pass image_url.'

export function listTools(tools: readonly ToolListing[], client: Client, fileParams: FileParams): ListToolsResult {
  const schemas = listedSchemas()
  const takesAttachments = fileParams === 'on' || (fileParams === 'auto' && client.isChatGpt)
  // What only a page calls is of no use, and costs tokens, where no page is shown.
  const listed = client.lacksPages ? tools.filter(({ calledBy }) => calledBy === undefined) : tools
  return {
    tools: listed.map(tool => {
      const { input, output } = schemas[tool.name] ?? {}
      if (input === undefined) throw new Error(`no schema for tool ${tool.name}`)
      const takesPhoto = takesAttachments && PHOTO in recordIn(input.properties)
      const { _meta: ui } = uiMetaOf(tool)
      const meta = takesPhoto ? { ...ui, 'openai/fileParams': [PHOTO] } : ui
      return {
        name: tool.name,
        title: tool.title,
        description: takesPhoto ? tool.description.replace(NO_ATTACHMENTS, ATTACHMENTS) : tool.description,
        inputSchema: inputFor(input, takesPhoto, client.sendsFiles),
        ...(output === undefined ? {} : { outputSchema: { ...jsonObject.parse(output), type: 'object' as const } }),
        annotations: annotationsOf(tool.effect),
        ...(meta === undefined ? {} : { _meta: meta }),
      }
    }),
    // It differs from client to client.
    cacheScope: 'private',
  }
}

/** Every other client is told that `image_url` is required, and nothing of the photo. */
function inputFor(schema: JsonSchema, takesPhoto: boolean, sendsFiles: boolean) {
  const { [PHOTO]: photo, ...others } = recordIn(schema.properties)
  const properties = Object.fromEntries(
    Object.entries(others).map(([name, property]) => [
      name,
      { ...recordIn(property), ...(sendsFiles && name === 'image_url' && photo ? FILE_INPUT : {}) },
    ]),
  )
  const listed = jsonObject.parse(takesPhoto ? { [PHOTO]: PHOTO_SCHEMA, ...properties } : properties)
  const required = photo !== undefined && !takesPhoto ? { required: ['image_url'] } : {}
  const { additionalProperties = false, ...rest } = jsonObject.parse(schema)
  // In this order on every wire.
  return { ...rest, type: 'object' as const, properties: listed, ...required, additionalProperties }
}
