// The peer's part of benches/reading-rate: @github/issue-parser at its best.
//
//   node issue-parser.mjs input CORPUS COPIES   the corpus so many times over, {"title","body"} a line
//   node issue-parser.mjs calls FILE [FORM]     bodies a second, counting nothing but calls of parseIssue
//   node issue-parser.mjs lines FILE            one JSON line out for each line in, in constant memory

import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { parseIssue } from '@github/issue-parser'

const CHUNK_BYTES = 256 * 1024

const [mode, file, option] = process.argv.slice(2)
switch (mode) {
  case 'input':
    input()
    break
  case 'calls':
    calls()
    break
  case 'lines':
    lines()
    break
  default:
    throw new Error('say input, calls or lines')
}

function input() {
  const rows = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))
  const once = rows.map(({ title, body }) => `${JSON.stringify({ title, body })}\n`).join('')
  for (let copy = 0; copy < Number(option); copy += 1) write(once)
}

function calls() {
  const bodies = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line).body)
  const form = option && readFileSync(option, 'utf8')
  let found = 0
  const read = () => {
    for (const body of bodies) found += Object.keys(parseIssue(body, form)).length
  }
  // One round to let the engine compile, one to measure.
  read()
  const start = process.hrtime.bigint()
  read()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  if (found === 0) throw new Error('no heading was found in any body')
  console.log((bodies.length / seconds).toFixed(0))
}

// Larger pieces than readline's, and synchronous: the quickest way Node has.
function lines() {
  const input = openSync(file)
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const decoder = new TextDecoder()
  let rest = ''
  let output = ''
  for (let count = readSync(input, chunk); count > 0; count = readSync(input, chunk)) {
    const complete = (rest + decoder.decode(chunk.subarray(0, count), { stream: true })).split('\n')
    rest = complete.pop()
    for (const line of complete) output += `${JSON.stringify(parseIssue(JSON.parse(line).body))}\n`
    write(output)
    output = ''
  }
  closeSync(input)
}

function write(text) {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written)
}
