// A client of the blog. That it compiles says that the document tells what a client needs: who
// leaves out If-Match does not compile.
import type { components, paths } from './types/blog_openapi'

type Put = paths['/posts/{post_id}']['put']
type Get = paths['/posts/{post_id}']['get']

export const put: Put['parameters'] = { path: { post_id: 1 }, header: { 'If-Match': '"1-1"' } }

// @ts-expect-error: it would overwrite what it has not seen
export const unguarded: Put['parameters'] = { path: { post_id: 1 } }

// @ts-expect-error: the same, with an empty header
export const forgetful: Put['parameters'] = { path: { post_id: 1 }, header: {} }

export const partial: Put['requestBody']['content']['application/json'] = { title: 'Only the title' }

export const post: components['schemas']['Post'] = { id: 1, title: 't', content: 'c', version: 1, updated_at: '2024-01-15T10:00:00Z' }

// @ts-expect-error: an answer always has a version
export const incomplete: components['schemas']['Post'] = { id: 1, title: 't', content: 'c', updated_at: '2024-01-15T10:00:00Z' }

export type Current = Get['responses'][304]['headers']['ETag']
export type Stale = Put['responses'][412]['content']['application/problem+json']['detail']
