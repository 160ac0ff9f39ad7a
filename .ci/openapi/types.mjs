// Writes the types of each document: node types.mjs FOLDER DOCUMENT…
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const [folder, ...documents] = process.argv.slice(2)
for (const document of documents) {
  const name = document.replace(/.*\/examples\//, '').replace(/\W+/g, '_').replace(/_golden_json$/, '')
  writeFileSync(`${folder}/${name}.ts`, astToString(await openapiTS(pathToFileURL(document))))
}
