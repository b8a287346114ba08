/** Turns what clients and models send into what the schema of a tool asks for, where only one thing can be meant. */
import * as z from 'zod'
import { invalidInput } from '../errors.ts'
import { referenceIn } from '../pictures/reference/reference-object.ts'
import { isRecord, jsonIn } from './json-values.ts'
import { isNothing, toBoolean, toList, toNumber, toOption, wordsOf } from './normalise-value.ts'

type Shape = Readonly<Record<string, z.core.$ZodType>>

interface ArgumentsSchema {
  shape: Shape
  safeParse(args: unknown): { success: boolean }
}

/**
 * @param input the schema of the tool's arguments.
 * @returns the arguments; what cannot be turned into the expected type is left for the schema to refuse.
 * @throws AppError `invalid_input` for an ID whose digits were lost.
 */
export function normaliseArguments(input: ArgumentsSchema, raw: unknown): unknown {
  const { shape } = input
  const sent = argumentsIn(shape, raw)
  if (!isRecord(sent)) return sent
  const needsNone = () => input.safeParse({}).success
  const kept = Object.entries(sent).flatMap(([written, value]): [string, unknown][] => {
    const name = nameIn(shape, sent, written)
    const schema = shape[name]
    if (schema === undefined) return value === null || (DUMMIES.has(name) && needsNone()) ? [] : [[name, value]]
    if (value === null || value === undefined || (isOptional(schema) && isNothing(value))) return []
    return [[name, normaliseValue(name, schema, value)]]
  })
  return Object.fromEntries(kept)
}

/** As the schema writes it: `pageSize` and `page-size` can mean nothing but `page_size`. */
function nameIn(shape: Shape, sent: Record<string, unknown>, written: string): string {
  if (Object.hasOwn(shape, written)) return written
  const name = written.replaceAll(/(?<=[a-z\d])(?=[A-Z])|[\s-]+/g, '_').toLowerCase()
  return Object.hasOwn(shape, name) && !Object.hasOwn(sent, name) ? name : written
}

/** What hosts add to tools that need no argument, because some models cannot call a function without one. */
const DUMMIES: ReadonlySet<string> = new Set([
  ...['random_string', 'dummy', 'dummy_param', 'dummy_argument', 'placeholder', 'noop', 'no_args', 'no_params'],
  ...['unused', 'empty', 'input', 'args', 'arguments', 'kwargs', '_', '__arg1'],
])

/** All arguments may come as one JSON string, or inside one argument that the tool does not have. */
function argumentsIn(shape: Shape, raw: unknown): unknown {
  const sent = typeof raw === 'string' ? (jsonInside(raw) ?? raw) : raw
  if (sent === null || sent === undefined || sent === '') return {}
  if (Array.isArray(sent)) return sent.length === 0 ? {} : sent.length === 1 ? argumentsIn(shape, sent[0]) : sent
  if (!isRecord(sent)) return sent
  const [[name, value] = ['', undefined], ...others] = Object.entries(sent)
  if (others.length > 0 || name in shape) return sent
  const inner = typeof value === 'string' ? jsonInside(value) : value
  return isRecord(inner) && Object.keys(inner).some(key => key in shape) ? inner : sent
}

function normaliseValue(name: string, schema: z.core.$ZodType, value: unknown): unknown {
  const inner = innerType(schema)
  if (inner instanceof z.ZodNumber) return toNumber(soleOf(value))
  if (inner instanceof z.ZodBoolean) return toBoolean(soleOf(value))
  if (inner instanceof z.ZodEnum) return toOption(soleOf(value), inner.options)
  if (inner instanceof z.ZodString) return toText(name, soleOf(value))
  if (inner instanceof z.ZodObject) return toObject(inner, soleOf(value))
  const item = inner instanceof z.ZodArray ? innerType(inner.element) : null
  if (item instanceof z.ZodString) {
    const items = toList(value, name.endsWith('_ids') ? 'commas' : 'lines')
    return Array.isArray(items) ? items.filter(item => !isNothing(item)).map(item => toText(name, item)) : items
  }
  if (item instanceof z.ZodEnum) {
    const items = toList(value, 'lines')
    return Array.isArray(items) ? items.flatMap(wordsOf).map(each => toOption(each, item.options)) : items
  }
  if (item instanceof z.ZodNumber) {
    const items = toList(value, 'commas')
    return Array.isArray(items) ? items.map(toNumber) : items
  }
  return value
}

function toText(name: string, value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value)
    throw invalidInput(
      `${name} is a number above ${Number.MAX_SAFE_INTEGER}, whose last digits are lost on the way.`,
      `Send ${name} as text, in quotes.`,
    )
  }
  if (typeof value !== 'object') return value
  if (name === 'region') return areaIn(value) ?? value
  const id = isRecord(value) && name.startsWith('offer_id') ? value.id : undefined
  return isId(id) ? String(id) : (referenceIn(value) ?? value)
}

/** `[50, 0, 50, 100]` or an object with the same as x, y, width and height. */
function areaIn(value: object | null): string | undefined {
  const sides = isRecord(value) ? [value.x, value.y, value.width, value.height] : value
  return Array.isArray(sides) && sides.every(side => typeof side === 'number') ? sides.join(',') : undefined
}

function isId(value: unknown): value is string | number {
  return typeof value === 'string' || Number.isSafeInteger(value)
}

/** A text is JSON, or the first member alone. */
function toObject({ shape }: z.ZodObject, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const parsed = jsonInside(value)
  const [first = ''] = Object.keys(shape)
  return isRecord(parsed) ? parsed : { [first]: value }
}

/** Of a list with one entry, or of `{"value": …}`. */
function soleOf(value: unknown): unknown {
  if (isRecord(value) && 'value' in value && Object.keys(value).length === 1) return value.value
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

function innerType(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? innerType(schema.def.innerType) : schema
}

function isOptional(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
}

/** However often it was quoted. */
function jsonInside(text: string): unknown {
  const value = jsonIn(text)
  return typeof value === 'string' ? jsonInside(value) : value
}
